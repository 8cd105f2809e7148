import type { Members } from "../../kernel/service.ts";
import { invalidParameter } from "./errors.ts";
import { optionalText } from "./input.ts";

/** The entries of one page (ListTopics, ListSubscriptions). */
export const PAGE_SIZE = 100;

/** What a page goes on after, by the token of the one before; the empty text at the start. @throws InvalidParameter */
export function readToken(input: Members): string {
  const token = optionalText(input, "NextToken") ?? "";
  const after = Buffer.from(token, "base64").toString("utf8");
  if (/^[\w.-]*$/.test(after)) return after;
  throw invalidParameter("NextToken");
}

/** A token for what follows a full page; none after the last. */
export function nextToken(page: readonly unknown[], last: unknown): Members {
  return page.length < PAGE_SIZE ? {} : { NextToken: Buffer.from(String(last)).toString("base64") };
}
