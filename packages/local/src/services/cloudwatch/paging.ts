import type { Members } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import { optionalText } from "./input.ts";

/** The items behind the request's `NextToken`, up to `limit`, and the token of the next page; tokens count items. */
export function pageOf<T>(
  all: readonly T[],
  input: Members,
  limit: number,
): { readonly items: readonly T[]; readonly next: { NextToken?: string } } {
  const token = optionalText(input, "NextToken");
  const from = token === undefined ? 0 : Number(/^from-(\d+)$/.exec(token)?.[1] ?? Number.NaN);
  if (Number.isNaN(from)) throw new ServiceError("InvalidNextToken", "The next token specified is invalid.");
  const until = from + limit;
  return { items: all.slice(from, until), next: until < all.length ? { NextToken: `from-${until}` } : {} };
}
