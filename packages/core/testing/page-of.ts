import type { PageOptions } from "../src/index.ts";

/** One page of what is in memory, newest first by a time and then by id. */
export function pageOf<Item extends { readonly id: string }>(
  items: readonly Item[],
  timeOf: (item: Item) => number,
  { limit = 100, after }: PageOptions,
): { readonly items: readonly Item[]; readonly next?: string } {
  const place = (item: Item): string => `${String(timeOf(item)).padStart(15, "0")}#${item.id}`;
  const left = items
    .filter((item) => after === undefined || place(item) < after)
    .sort((a, b) => (place(a) < place(b) ? 1 : -1));
  const page = left.slice(0, limit);
  const last = page.at(-1);
  return { items: page, ...(last && left.length > limit && { next: place(last) }) };
}
