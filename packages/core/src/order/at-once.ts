/** Runs `work` over values, at most so many at once; gives back the results in the order of the values. */
export async function atOnce<Value, Result>(
  values: readonly Value[],
  most: number,
  work: (value: Value) => Promise<Result> | Result,
): Promise<readonly Result[]> {
  if (most >= values.length) return Promise.all(values.map(work));
  const results = new Array<Result>(values.length);
  let next = 0;
  const runner = async (): Promise<void> => {
    for (let index = next++; index < values.length; index = next++) {
      results[index] = await work(values[index] as Value);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, values.length) }, runner));
  return results;
}
