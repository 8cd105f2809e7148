import type { Members } from "../../kernel/service.ts";
import { invalidValue } from "./errors.ts";
import { integerWithin, optionalText } from "./input.ts";

/** The most names of one page (ListQueues, MaxResults). */
const LARGEST_PAGE = 1_000;

/** One page of sorted names; a token only where the caller asked for pages. @throws InvalidParameterValue */
export function readPage(input: Members, names: readonly string[]): { names: readonly string[]; next: Members } {
  const asked = integerWithin(input, "MaxResults", 1, LARGEST_PAGE);
  const token = optionalText(input, "NextToken");
  const after = token === undefined ? "" : Buffer.from(token, "base64").toString("utf8");
  if (token !== undefined && !/^[\w.-]+$/.test(after))
    throw invalidValue(token, "NextToken", "Invalid or expired token.");
  const left = names.filter((name) => name > after);
  const page = left.slice(0, asked ?? LARGEST_PAGE);
  const more = asked !== undefined && left.length > page.length;
  return { names: page, next: more ? { NextToken: Buffer.from(page.at(-1) ?? "").toString("base64") } : {} };
}
