import { invalidParameter } from "./errors.ts";

/** A token for the place behind what was given. */
export function pageToken(place: string): string {
  return Buffer.from(`page:${place}`).toString("base64");
}

/** The place that a token names, or undefined without one. @throws InvalidParameterException */
export function readToken(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const text = Buffer.from(token, "base64").toString("utf8");
  if (!text.startsWith("page:")) throw invalidParameter("The specified nextToken is invalid.");
  return text.slice("page:".length);
}

/** The items behind a token, sorted by their key, up to `limit`, and the token of the next page. */
export function pageOf<T>(
  sorted: readonly T[],
  key: (item: T) => string,
  token: string | undefined,
  limit: number,
): { readonly items: readonly T[]; readonly next: { nextToken?: string } } {
  const place = readToken(token);
  const from = place === undefined ? 0 : sorted.findIndex((item) => key(item) === place) + 1;
  const items = sorted.slice(from, from + limit);
  const last = items.at(-1);
  return { items, next: last !== undefined && from + limit < sorted.length ? { nextToken: pageToken(key(last)) } : {} };
}
