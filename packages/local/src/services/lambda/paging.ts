import type { Members } from "../../kernel/service.ts";
import { invalidParameter } from "./errors.ts";
import { integerWithin, optionalText } from "./input.ts";

/** One page of a sorted list, by `MaxItems` and `Marker`. @throws InvalidParameterValueException for a marker that is none */
export function readPage<T>(
  input: Members,
  all: readonly T[],
  key: (item: T) => string,
  largestPage: number,
): { items: readonly T[]; next: Members } {
  const most = Math.min(integerWithin(input, "MaxItems", 1, 10_000) ?? largestPage, largestPage);
  const marker = optionalText(input, "Marker");
  const after = marker === undefined ? "" : Buffer.from(marker, "base64").toString("utf8");
  if (marker !== undefined && !/^[\w-]+$/.test(after)) throw invalidParameter("Invalid pagination token.");
  const left = all.filter((item) => key(item) > after);
  const items = left.slice(0, most);
  const last = items.at(-1);
  const more = last !== undefined && left.length > items.length;
  return { items, next: more ? { NextMarker: Buffer.from(key(last)).toString("base64") } : {} };
}
