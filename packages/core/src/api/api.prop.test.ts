import fc from "fast-check";
import { expect, test } from "vitest";
import { findOperation } from "./find-operation.ts";
import { OPERATIONS, type Operation, type OperationName } from "./operations.ts";
import { readInput } from "./read-input.ts";

const NAMES = Object.keys(OPERATIONS) as OperationName[];

test("every operation is found by its method and path, whatever its variable holds, and by no other method", () => {
  fc.assert(
    fc.property(fc.constantFrom(...NAMES), fc.string({ minLength: 1 }), (name, value) => {
      const { method, path }: Operation = OPERATIONS[name];
      fc.pre(!NAMES.some((other) => OPERATIONS[other].path === path.replace(/\{\w+\}/, value)) || !path.includes("{"));
      const found = findOperation(
        method,
        path.replace(/\{\w+\}/, () => value),
      );
      expect(found).toMatchObject({ kind: "found", name });
      if (found.kind === "found" && path.includes("{")) expect(Object.values(found.params)).toEqual([value]);
      expect(findOperation("PATCH", path).kind).toBe("method");
    }),
  );
  expect(findOperation("GET", "/nothing")).toEqual({ kind: "none" });
});

test("no input whatever is read as anything else than it is, or throws anything but what names the field", () => {
  fc.assert(
    fc.property(fc.constantFrom(...NAMES), fc.anything(), (name, given) => {
      const { fields }: Operation = OPERATIONS[name];
      try {
        for (const field of Object.keys(readInput(name, given))) expect(Object.hasOwn(fields, field)).toBe(true);
      } catch (error) {
        expect(error).toMatchObject({ code: "input", cause: { field: expect.any(String) } });
      }
    }),
  );
});

test.each([
  [{ state: "dead" }, '`state` is "dead"; it takes one of held'],
  [{ limit: "0" }, '`limit` is "0"; it takes a whole number from 1 to 1000'],
  [{ fromMs: "yesterday" }, '`fromMs` is "yesterday"; it takes milliseconds'],
  [{ status: "held" }, 'has no field "status"; its fields are queue, state'],
])("a list asked for with %o says what is wrong", (given, message) => {
  expect(() => readInput("list-failures", given)).toThrow(message);
});

test("what a query says in text is read as what it means", () => {
  const given = { fromMs: "2026-01-31T00:00:00Z", toMs: "1769817600001", limit: "5", state: "held" };
  const read = { fromMs: 1_769_817_600_000, toMs: 1_769_817_600_001, limit: 5, state: "held" };
  expect(readInput("list-failures", given)).toEqual(read);
  expect(readInput("get-failure", { whole: "true" }, { failure: "a:b/c" })).toEqual({ failure: "a:b/c", whole: true });
});

test("what writes is a POST that a viewer may not do", () => {
  for (const name of NAMES) {
    const { method, role, writes }: Operation = OPERATIONS[name];
    if (writes) expect([name, method, role]).not.toContain("viewer");
    else expect([name, role]).toEqual([name, "viewer"]);
  }
});
