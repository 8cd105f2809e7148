import { chunks } from "@reliq/core";

/** Works on so many items at once, the next ones when all of these are done; gives back what came of them, in order. */
export async function inParts<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const done: R[] = [];
  for (const some of chunks(items, atOnce)) done.push(...(await Promise.all(some.map(work))));
  return done;
}
