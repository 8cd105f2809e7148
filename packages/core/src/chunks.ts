/** Cuts a list into lists of at most so many, in order: what one request of a batch API takes, say. */
export function chunks<T>(values: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / most) }, (_, index) =>
    values.slice(index * most, (index + 1) * most),
  );
}
