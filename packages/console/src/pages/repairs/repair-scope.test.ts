import { expect, test } from "vitest";
import { describeScope, scopeOf } from "./repair-scope.ts";

const of = (query: string) => scopeOf(new URLSearchParams(query));

test("an address names a group or a filter; a state is no part of it, and without either nothing is repaired", () => {
  expect(of("system=s&group=orders:1:2")).toEqual({ group: "orders:1:2" });
  expect(of("system=s&queue=orders&state=archived&fromMs=2026-01-31T12:00:00Z")).toEqual({
    filter: { queue: "orders", fromMs: Date.UTC(2026, 0, 31, 12) },
  });
  expect(of("system=s&state=held")).toBeUndefined();
});

test("which messages is said in words", () => {
  expect(describeScope({ group: "orders:1:2" })).toBe("failure group orders:1:2");
  expect(describeScope({ filter: { queue: "orders", messageGroup: "a", toMs: 0 } })).toBe(
    "queue orders, message group a, captured before 1970-01-01T00:00:00Z",
  );
});
