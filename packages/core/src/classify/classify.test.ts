import { expect, test } from "vitest";
import { BadPayloadFailure, Failure, ValidationFailure } from "../errors.ts";
import type { FailureCategory } from "./category.ts";
import { categoryByCode, categoryOf } from "./classify.ts";

function errorWith(properties: object, message = "boom"): Error {
  return Object.assign(new Error(message), properties);
}

test.each([...categoryByCode()])("the code or name %s means %s", (code, category) => {
  expect(categoryOf(errorWith({ code }))).toBe(category);
  expect(categoryOf(errorWith({ name: code }))).toBe(category);
});

test.each([
  ["a status", { status: 401 }, "auth"],
  ["a status code", { statusCode: 429 }, "throttled"],
  ["the AWS SDK's status", { $metadata: { httpStatusCode: 503 } }, "dependency"],
  ["an HTTP client's response", { response: { status: 504 } }, "timeout"],
])("%s is a code", (_, properties, category) => {
  expect(categoryOf(errorWith(properties))).toBe(category);
});

test.each([
  ["Request failed: 401 Unauthorized", "auth"],
  ["you are unauthorised", "auth"],
  ["expired token", "auth"],
  ["Validation error: amount", "validation"],
  ["the amount is invalid", "validation"],
  ["missing required field storeId", "validation"],
  ["missing field storeId", "validation"],
  ["Task timed out after 3.00 seconds", "timeout"],
  ["socket time-out", "timeout"],
  ["timeout of 100 ms exceeded", "timeout"],
  ["Unexpected token < in JSON", "bad-payload"],
  ["this is not valid JSON", "bad-payload"],
  ["Unexpected end of JSON input", "bad-payload"],
  ["Connection refused", "dependency"],
  ["503 Service Unavailable", "dependency"],
  ["Bad gateway", "dependency"],
  ["the invalidation of the cache", "processing"],
  ["boom", "processing"],
])("an error that says %j is %s", (message, category) => {
  expect(categoryOf(new Error(message))).toBe(category);
});

test("of several words the first rule decides: auth, validation, timeout, bad payload, dependency", () => {
  expect(categoryOf(new Error("connection refused, timeout, invalid, forbidden"))).toBe("auth");
  expect(categoryOf(new Error("connection refused, timeout, invalid"))).toBe("validation");
  expect(categoryOf(new Error("connection refused, not valid json, timeout"))).toBe("timeout");
  expect(categoryOf(new Error("connection refused, not valid json"))).toBe("bad-payload");
});

test("an author's word comes before codes, and codes before words", () => {
  const failure = Object.assign(new Failure("permanent", "timeout: invalid"), { code: "ECONNREFUSED" });
  expect(categoryOf(failure)).toBe("permanent");
  expect(categoryOf(errorWith({ code: "ECONNREFUSED" }, "invalid"))).toBe("dependency");
  expect(categoryOf(new BadPayloadFailure("timeout"))).toBe("bad-payload");
  expect(categoryOf(new ValidationFailure("timeout"))).toBe("validation");
});

test("a code of a cause is found: fetch says no more than `fetch failed`", () => {
  const refused = errorWith({ code: "ECONNREFUSED" }, "connect ECONNREFUSED 127.0.0.1:80");
  expect(categoryOf(new TypeError("fetch failed", { cause: refused }))).toBe("dependency");
  expect(categoryOf(new Error("cannot save", { cause: new Failure("auth", "no") }))).toBe("auth");
  expect(categoryOf(new Error("cannot save", { cause: new Error("access denied") }))).toBe("auth");
  expect(categoryOf(errorWith({ code: "ETIMEDOUT", cause: refused }))).toBe("timeout");
});

test("a failure of another copy of the package is as good as one of this", async () => {
  const copy = "../errors.ts?copy";
  const { Failure: Other } = (await import(copy)) as { Failure: typeof Failure };
  const thrown = new Other("permanent", "timeout");
  expect(thrown).not.toBeInstanceOf(Failure);
  expect(categoryOf(thrown)).toBe("permanent");
});

test("what only looks like a failure, or names no category there is, is read like any error", () => {
  expect(categoryOf(errorWith({ category: "auth" }))).toBe("processing");
  expect(categoryOf(new Failure("toString" as FailureCategory, "timeout"))).toBe("timeout");
});

test.each(["constructor", "toString", "__proto__", "hasOwnProperty"])("a code %s means nothing", (code) => {
  expect(categoryOf(errorWith({ code, name: code }))).toBe("processing");
});

test("something other than an error is unknown, unless it says more", () => {
  expect(categoryOf("boom")).toBe("unknown");
  expect(categoryOf(undefined)).toBe("unknown");
  expect(categoryOf({ missing_store_id: true })).toBe("unknown");
  expect(categoryOf("timeout")).toBe("timeout");
  expect(categoryOf({ status: 401 })).toBe("auth");
});

test("a value that throws when it is read is judged by what it lets itself be asked", () => {
  const refuse = (): never => {
    throw new Error("no");
  };
  const code = Object.defineProperty(errorWith({ status: 401 }), "code", { get: refuse });
  const cause = Object.defineProperty(errorWith({}, "access denied"), "cause", { get: refuse });
  const metadata = Object.defineProperty(errorWith({ name: "SlowDown" }), "$metadata", { get: refuse });
  expect(categoryOf(code)).toBe("auth");
  expect(categoryOf(new Error("cannot save", { cause: code }))).toBe("auth");
  expect(categoryOf(cause)).toBe("auth");
  expect(categoryOf(metadata)).toBe("throttled");
  expect(categoryOf(new Proxy(new Error("timeout"), { get: refuse }))).toBe("processing");
  expect(categoryOf(new Proxy({}, { get: refuse, getPrototypeOf: refuse, has: refuse, ownKeys: refuse }))).toBe(
    "unknown",
  );
});

test("a circle of causes comes to an end", () => {
  const circle = new Error("boom");
  expect(categoryOf(Object.assign(circle, { cause: circle }))).toBe("processing");
});
