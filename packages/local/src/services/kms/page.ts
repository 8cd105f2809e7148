import type { Members } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import { integerWithin } from "../scheduler/input.ts";

/** The most entries of a page, and how many there are where nobody says (ListKeys, ListAliases). */
const LARGEST_PAGE = 1_000;
const USUAL_PAGE = 100;

/** A page of entries that are in the order of their names. @throws InvalidMarkerException */
export function pageOf<T>(
  entries: readonly T[],
  nameOf: (entry: T) => string,
  input: Members,
): { readonly page: readonly T[]; readonly next: Members } {
  const most = integerWithin(input, "Limit", 1, LARGEST_PAGE) ?? USUAL_PAGE;
  const after = input["Marker"] ?? "";
  if (typeof after !== "string") throw new ServiceError("InvalidMarkerException", "Invalid Marker.");
  const left = entries.filter((entry) => nameOf(entry) > after);
  const page = left.slice(0, most);
  const last = page.at(-1);
  const more = last !== undefined && left.length > most;
  return { page, next: { Truncated: more, ...(more && { NextMarker: nameOf(last) }) } };
}
