import { expect, test } from "vitest";
import { anyBody, sampleMessage, samplePorts, sampleSchema } from "../../testing/index.ts";
import { consume } from "../consume.ts";
import { type ConsumerOptions, consumer, type HandlerContext } from "../consumer.ts";
import type { Outcome } from "../message/outcome.ts";
import { redacted } from "../redact/redacted.ts";

async function attemptWith(
  options: Partial<ConsumerOptions<unknown>>,
  changes: Parameters<typeof sampleMessage>[0] = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Outcome | undefined> {
  const delivery = {
    messages: [sampleMessage(changes)],
    signal,
    deadline: new AbortController().signal,
    leaseUntilMs: 1,
  };
  const orders = consumer({ name: "orders", schema: anyBody, handle: () => {}, ...options });
  return (await consume(orders, delivery, samplePorts()))[0]?.outcome;
}

test("the handler gets the parsed body and what is known of the message", async () => {
  const calls: [unknown, HandlerContext][] = [];
  const { signal } = new AbortController();
  const attributes = { store_id: { dataType: "Number", stringValue: "5" } };
  const schema = sampleSchema((value) => ({ value: { parsed: value } }));
  const handle = (body: unknown, context: HandlerContext): void => void calls.push([body, context]);
  expect(await attemptWith({ schema, handle }, { body: "[1]", attributes, receiveCount: 2 }, signal)).toEqual({
    kind: "processed",
  });
  expect(calls).toEqual([
    [
      { parsed: [1] },
      { messageId: "m-1", queue: "orders", attributes, receiveCount: 2, signal, log: expect.any(Function) },
    ],
  ]);
});

test("the handler of a body that cannot be read is never called", async () => {
  let handled = 0;
  expect(await attemptWith({ handle: () => void handled++ }, { body: "{" })).toMatchObject({
    kind: "failed",
    reason: { category: "bad-payload", errorName: "BadPayloadFailure", retryable: false },
  });
  expect(handled).toBe(0);
});

test("a rejection is a failure like a throw", async () => {
  expect(await attemptWith({ handle: () => Promise.reject(new Error("boom")) })).toMatchObject({
    kind: "failed",
    reason: { category: "processing", message: "boom", retryable: true },
  });
});

test("a handler that goes on when its time is over has failed, and what it throws later hurts nobody", async () => {
  const over = new AbortController();
  const handle = (_: unknown, { signal }: HandlerContext): Promise<void> =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => setTimeout(() => reject(new Error("too late")), 1));
      setTimeout(() => over.abort(), 1);
    });
  expect(await attemptWith({ handle }, {}, over.signal)).toMatchObject({
    reason: { category: "timeout", errorName: "Failure", retryable: true },
  });
});

test("a message whose turn comes when the time is over has not failed: its handler never ran", async () => {
  let handled = 0;
  expect(await attemptWith({ handle: () => handled++ }, {}, AbortSignal.abort())).toEqual({
    kind: "deferred",
    cause: "out-of-time",
  });
  expect(handled).toBe(0);
});

test("no personal value of the message is in its reason, however the handler words it", async () => {
  const body = { ssn_no: "123-45-6789", dob: "1990-01-31", note: JSON.stringify({ ssn_no: "987-65-4321" }), age: 42 };
  const attributes = { contact: { dataType: "String", stringValue: "jo@example.com" } };
  const handle = (): void => {
    throw new Error(`123-45-6789 of ${JSON.stringify(body)} (${JSON.stringify(JSON.stringify(body))}), jo@example.com`);
  };
  const personalFields = redacted(["ssn_no", "dob", "contact"]);
  const outcome = await attemptWith({ handle, personalFields }, { body: JSON.stringify(body), attributes });
  const text = JSON.stringify(outcome);
  for (const value of ["123-45-6789", "1990-01-31", "987-65-4321", "jo@example.com"]) expect(text).not.toContain(value);
  expect(text).toContain("42");
});

test("a schema's issue keeps its words and loses the personal value in them", async () => {
  const schema = sampleSchema(() => ({
    issues: [{ path: ["dob"], message: 'Expected a date but received "31.1.1990"' }],
  }));
  expect(
    await attemptWith({ schema, personalFields: redacted(["dob"]) }, { body: '{"dob":"31.1.1990"}' }),
  ).toMatchObject({
    reason: { message: 'The body does not fit its schema: dob (Expected a date but received "[redacted]")' },
  });
});
