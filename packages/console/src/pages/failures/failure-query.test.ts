import { expect, test } from "vitest";
import { addressOf, askedBy, filteringOptions, readQuery, tokensOf } from "./failure-query.ts";

const NOON_MS = Date.UTC(2026, 0, 31, 12);

test("a filter is the same as tokens, as an address and as what is asked for", () => {
  const asked = readQuery(
    new URLSearchParams("queue=orders&state=held&fromMs=2026-01-31T12:00:00Z&toMs=1769864400000"),
  );
  expect(asked).toEqual({ queue: "orders", state: "held", fromMs: NOON_MS, toMs: NOON_MS + 3_600_000 });
  expect(askedBy(tokensOf(asked))).toEqual(asked);
  const address = new URLSearchParams(Object.entries(addressOf(asked)).flatMap(([k, v]) => (v ? [[k, v]] : [])));
  expect(address.get("fromMs")).toBe("2026-01-31T12:00:00Z");
  expect(readQuery(address)).toEqual(asked);
});

test("a time is read as people write it, and one that is none is asked for as it stands", () => {
  const from = (value: string) => askedBy([{ propertyKey: "captured", operator: ">=", value }]);
  expect(from("2026-01-31 12:00")).toEqual({ fromMs: NOON_MS });
  expect(from("2026-01-31")).toEqual({ fromMs: NOON_MS - 12 * 3_600_000 });
  expect(from("2026-01-31T13:00+01:00")).toEqual({ fromMs: NOON_MS });
  expect(from("yesterday")).toEqual({ fromMs: "yesterday" });
  expect(tokensOf(from("yesterday"))).toMatchObject([{ value: "yesterday" }]);
});

test("of two tokens of one property the later counts; a text alone is an error's name", () => {
  const tokens = ["held", "archived"].map((value) => ({ propertyKey: "state", operator: "=" as const, value }));
  expect(askedBy([...tokens, { operator: ":", value: " TypeError " }])).toEqual({
    state: "archived",
    errorName: "TypeError",
  });
});

test("times are proposed by the region's time", () => {
  expect(filteringOptions([], NOON_MS + 1_000)).toContainEqual({
    propertyKey: "captured",
    value: "2026-01-31 11:00:00 UTC",
    tags: ["1 hour ago"],
  });
});
