import fc from "fast-check";
import { expect, test } from "vitest";
import { Failure, ValidationFailure } from "../errors.ts";
import { type FailureReason, failureReason } from "./failure-reason.ts";

const reasonOf = (thrown: unknown): FailureReason => failureReason(thrown, (text) => text);

class Throwing {
  get message(): string {
    throw new Error("no message for you");
  }
  get name(): string {
    throw new Error("no name for you");
  }
  toString(): string {
    throw new Error("no text for you");
  }
  toJSON(): string {
    throw new Error("no JSON for you");
  }
}

const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();

const circle = new Error("round");
circle.cause = new Error("and round", { cause: circle });

test("a reason has the error's name, message and stack, and what follows from its category", () => {
  expect(reasonOf(new ValidationFailure("storeId: is missing"))).toEqual({
    category: "validation",
    errorName: "ValidationFailure",
    message: "storeId: is missing",
    stack: expect.stringContaining("failure-reason.test.ts"),
    retryable: false,
    severity: "error",
  });
});

test("its author says whether a failure is worth a retry; the category does where he does not", () => {
  expect(reasonOf(new Failure("validation", "wait for it", { retryable: true })).retryable).toBe(true);
  expect(reasonOf(new Failure("timeout", "never", { retryable: false })).retryable).toBe(false);
  expect(reasonOf(new Failure("timeout", "later")).retryable).toBe(true);
  expect(reasonOf(new Error("wrapped", { cause: new Failure("timeout", "no", { retryable: false }) })).retryable).toBe(
    false,
  );
  expect(reasonOf(Object.assign(new Error("boom"), { retryable: false })).retryable).toBe(true);
});

test.each([
  ["undefined", undefined, { errorName: "undefined", message: "undefined" }],
  ["null", null, { errorName: "null", message: "null" }],
  ["a text", "boom", { errorName: "string", message: "boom" }],
  ["a symbol", Symbol("boom"), { errorName: "symbol", message: "Symbol(boom)" }],
  ["a big integer", 10n, { errorName: "bigint", message: "10" }],
  ["an object", { missing_store_id: true }, { errorName: "object", message: '{"missing_store_id":true}' }],
  ["a bare object", Object.create(null), { errorName: "object", message: "{}" }],
  ["an object without JSON", { n: 1n }, { message: "(a value that cannot be read)" }],
  ["an object that throws when looked at", new Throwing(), { message: "(a value that cannot be read)" }],
  ["a revoked proxy", revoked, { errorName: "object", message: "(a value that cannot be read)" }],
  ["a circle of causes", circle, { errorName: "Error", message: "round", category: "processing" }],
  ["an error without a message", Object.assign(new Error(), { message: undefined }), { message: "undefined" }],
  ["an error whose message is an object", Object.assign(new Error(), { message: { a: 1 } }), { message: '{"a":1}' }],
  ["an error without a name", Object.assign(new Error("boom"), { name: 5 }), { errorName: "Error" }],
  ["an error without a stack", Object.assign(new Error("boom"), { stack: 5 }), { stack: "" }],
  ["a promise", Promise.resolve(), { errorName: "object", message: "{}" }],
])("%s is a reason", (_, thrown, expected) => {
  expect(reasonOf(thrown)).toMatchObject({ category: expect.any(String), ...expected });
});

test("anything at all that is thrown is a reason of bounded size and well-formed text", () => {
  const throwables = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withTypedArray: true }),
    fc.string({ unit: "binary" }).map((message) => new Error(message)),
    fc.record({ message: fc.anything(), name: fc.anything(), stack: fc.anything(), cause: fc.anything() }),
    fc.anything().map((extra) => Object.assign(new Error("boom"), { cause: extra, code: extra, $metadata: extra })),
  );
  fc.assert(
    fc.property(throwables, (thrown) => {
      const { message, stack, errorName } = reasonOf(thrown);
      expect([errorName.length <= 200, message.length <= 2_000, stack.length <= 4_000]).toEqual([true, true, true]);
      expect(`${errorName}${message}${stack}`.isWellFormed()).toBe(true);
    }),
  );
});

test("a cut never leaves half a character", () => {
  const { message, stack } = reasonOf(new Error(`x${"🦆".repeat(3_000)}`));
  expect([message.isWellFormed(), stack.isWellFormed()]).toEqual([true, true]);
});

test.each([
  ["letters", "x".repeat(1 << 20)],
  ["quotes", '"'.repeat(1 << 20)],
  ["escaped quotes", '\\"'.repeat(1 << 19)],
  ["one quote", `"${"x".repeat(1 << 20)}`],
  ["digits", "1".repeat(1 << 20)],
  ["hexadecimal digits and a stop", `${"a1".repeat(1 << 19)}é`],
  ["frames", "    at f (x)\n".repeat(80_000)],
  ["one long frame", `    at ${"f (".repeat(1 << 18)}`],
  ["spaces", " ".repeat(1 << 20)],
])("a mebibyte of %s is a reason in no time", (_, text) => {
  const start = performance.now();
  expect(reasonOf(new Error(text)).message.length).toBeLessThanOrEqual(2_000);
  expect(performance.now() - start).toBeLessThan(5_000);
});
