import { categoryOf, DependencyFailure } from "@reliq/core";
import { checkPolicy } from "@reliq/core/recovery";
import { expect, test } from "vitest";
import { classify, POLICY } from "./failure-types.ts";

function classified(thrown: unknown): string {
  const { failureType, retryable, action } = classify({ category: categoryOf(thrown), severity: "error" });
  return `${failureType} ${retryable ? "retryable" : "final"} ${action}`;
}

test.each([
  [Object.assign(new Error("no"), { status: 401 }), "AUTH_FAILURE final ALERT"],
  [new Error("401 Unauthorized"), "AUTH_FAILURE final ALERT"],
  [new Error("validation error: amount"), "VALIDATION_ERROR final ARCHIVE"],
  [new Error("the amount is invalid"), "VALIDATION_ERROR final ARCHIVE"],
  [new Error("the request timed out"), "TIMEOUT retryable AUTO_HEAL"],
  [new SyntaxError("Unexpected token }"), "BAD_PAYLOAD final ARCHIVE"],
  [Object.assign(new Error("stock"), { status: 503 }), "DEPENDENCY_FAILURE retryable AUTO_HEAL"],
  [new Error("connection refused"), "DEPENDENCY_FAILURE retryable AUTO_HEAL"],
  [new Error("who knows"), "UNKNOWN final ARCHIVE"],
  ["a thrown text", "UNKNOWN final ARCHIVE"],
])("%s is %s", (thrown, expected) => {
  expect(classified(thrown)).toBe(expected);
});

test("a typed error or a code says more than words, and of words the earlier kind of evidence holds", () => {
  expect(classified(new DependencyFailure("401 Unauthorized, it says"))).toMatch(/^DEPENDENCY_FAILURE/);
  expect(classified(Object.assign(new Error("invalid"), { code: "ECONNREFUSED" }))).toMatch(/^DEPENDENCY_FAILURE/);
  expect(classified(new Error("unauthorized: invalid token, timed out"))).toMatch(/^AUTH_FAILURE/);
  expect(classified(new Error("invalid: timed out"))).toMatch(/^VALIDATION_ERROR/);
});

test("what nobody foresaw and is critical is archived, and a person is told", () => {
  expect(classify({ category: "permanent", severity: "critical" })).toMatchObject({ action: "ARCHIVE" });
  const rule = POLICY.rules.find(({ when }) => when.severity === "critical");
  expect(rule?.then).toEqual(["archive", "alert"]);
});

test("the policy is one that recovery takes", () => {
  expect(checkPolicy(POLICY)).toBe(POLICY);
});
