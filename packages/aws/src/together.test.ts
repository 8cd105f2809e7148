import { expect, test } from "vitest";
import { together } from "./together.ts";

test("what is asked for in one turn is done at once, up to the most, and each caller gets its own answer", async () => {
  const works: (readonly number[])[] = [];
  const double = together(3, async (asked: readonly number[]) => {
    works.push(asked);
    return asked.map((each) => 2 * each);
  });
  expect(await Promise.all([1, 2, 3, 4].map(double))).toEqual([2, 4, 6, 8]);
  expect(await double(5)).toBe(10);
  expect(works).toEqual([[1, 2, 3], [4], [5]]);
});

test("an error is for those whose work threw it", async () => {
  const check = together(2, async (asked: readonly string[]) => {
    if (asked.includes("bad")) throw new Error("one of them is bad");
    return asked;
  });
  const ends = await Promise.allSettled(["good", "bad", "fine"].map(check));
  expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
});
