import { expect, test } from "vitest";
import { anyBody, sampleMessage, samplePorts, sampleSchema } from "../../testing/index.ts";
import { consume } from "../consume.ts";
import { consumer } from "../consumer.ts";
import { type PersonalFields, redacted } from "../redact/redacted.ts";
import type { Outcome } from "./outcome.ts";
import { parseBody } from "./parse-body.ts";
import { parseMessage } from "./parse-message.ts";

const parse = async (body: string): Promise<unknown> => parseMessage(anyBody, parseBody(body));

test.each([
  ["nothing", ""],
  ["no JSON", "store 5"],
  ["a byte order mark", '\uFEFF{"a":1}'],
  ["a NUL", "\u0000"],
  ["a NUL within a text", '"a\u0000b"'],
  ["a cut text", '{"a":"b'],
  ["a comment", "{} // well"],
  ["NaN", "NaN"],
])("a body of %s is a bad payload", async (_, body) => {
  await expect(parse(body)).rejects.toMatchObject({ category: "bad-payload", cause: expect.any(SyntaxError) });
});

test("the message of a bad payload says nothing of the body", async () => {
  await expect(parse("ssn 123-45-6789")).rejects.toThrow("The body (15 characters) is not JSON.");
});

test.each([
  ["lone surrogates", '"\uD800"', "\uD800"],
  ["a number too large", "1e400", Number.POSITIVE_INFINITY],
  ["a key twice: the last counts", '{"a":1,"a":2}', { a: 2 }],
  ["null", "null", null],
])("a body with %s is read as JSON.parse reads it", async (_, body, value) => {
  expect(await parse(body)).toEqual(value);
});

test("`__proto__` in a body is a key like any other", async () => {
  const body = (await parse('{"__proto__":{"admin":true}}')) as Record<string, unknown>;
  expect(Object.keys(body)).toEqual(["__proto__"]);
  expect(body["admin"]).toBeUndefined();
});

test("a body nested 100,000 levels deep is an outcome, whatever the schema makes of it", async () => {
  const body = "[".repeat(100_000) + "]".repeat(100_000);
  const descend = (value: unknown): number => (Array.isArray(value) ? 1 + descend(value[0]) : 0);
  const recursive = sampleSchema((value) => ({ value: descend(value) }));
  expect(await outcome({ schema: anyBody, body })).toEqual({ kind: "processed" });
  expect(await outcome({ schema: recursive, body })).toMatchObject({ reason: { errorName: "RangeError" } });
  expect(await outcome({ schema: recursive, body, personalFields: redacted(["ssn_no"]) })).toMatchObject({
    kind: "failed",
  });
});

test("a body that breaks its schema names each bad field, and counts what is beyond ten", () => {
  const wrong = (count: number): unknown =>
    parseMessage(
      sampleSchema(() => ({
        issues: Array.from({ length: count }, (_, index) => ({
          message: "is missing",
          path: ["items", { key: index }],
        })),
      })),
      {},
    );
  expect(() => wrong(2)).toThrow("The body does not fit its schema: items.0 (is missing); items.1 (is missing)");
  expect(() => wrong(12)).toThrow(/items\.9 \(is missing\); and 2 more$/);
  const whole = sampleSchema(() => ({ issues: [{ message: "is no object" }] }));
  expect(() => parseMessage(whole, {})).toThrow("the body (is no object)");
});

test.each([
  [
    "throws",
    () => {
      throw new TypeError("broken schema");
    },
  ],
  ["rejects", () => Promise.reject(new TypeError("broken schema"))],
  ["answers nothing", () => undefined as never],
  ["answers with broken issues", () => ({ issues: [null] }) as never],
])("a schema that %s is a failed attempt", async (_, validate) => {
  expect(await outcome({ schema: sampleSchema(validate) })).toMatchObject({
    kind: "failed",
    reason: { category: "processing", errorName: "TypeError" },
  });
});

async function outcome(trial: {
  schema: typeof anyBody;
  body?: string;
  personalFields?: PersonalFields;
}): Promise<Outcome | undefined> {
  const { schema, body = "{}", personalFields } = trial;
  const orders = consumer({ name: "orders", schema, handle: () => {}, ...(personalFields && { personalFields }) });
  const { signal } = new AbortController();
  const delivery = { messages: [sampleMessage({ body })], signal, deadline: signal, leaseUntilMs: 1 };
  return (await consume(orders, delivery, samplePorts()))[0]?.outcome;
}
