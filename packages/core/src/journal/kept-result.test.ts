import { expect, test } from "vitest";
import { anyBody, sampleMessage, samplePorts } from "../../testing/index.ts";
import { consume } from "../consume.ts";
import { consumer } from "../consumer.ts";
import type { Attempted } from "../message/work.ts";

/** Two messages with one key and one body, one after the other; the first one's result is `result`. */
async function twice(result: unknown): Promise<{ ended: readonly Attempted[]; events: readonly string[] }> {
  const orders = consumer({
    name: "orders",
    schema: anyBody,
    handle: () => result,
    idempotency: { key: () => "k", keepResult: true },
  });
  const ports = samplePorts();
  const never = new AbortController().signal;
  const time = { signal: never, deadline: never, leaseUntilMs: ports.now() + 1_000 };
  const first = await consume(orders, { messages: [sampleMessage()], ...time }, ports);
  const second = await consume(orders, { messages: [sampleMessage({ messageId: "m-2" })], ...time }, ports);
  return { ended: [...first, ...second], events: ports.lines.map(({ event }) => event) };
}

test("a duplicate gets the result that the effect had", async () => {
  const { ended, events } = await twice({ total: 5, of: "☃" });
  expect(ended.map(({ outcome }) => outcome)).toEqual([
    { kind: "processed" },
    { kind: "duplicate", result: { total: 5, of: "☃" } },
  ]);
  expect(events).toEqual([]);
});

const circle: Record<string, unknown> = {};
circle["self"] = circle;

test.each([
  ["a circle", circle],
  ["a bigint", 5n],
  ["more than 100,000 characters", "x".repeat(100_000)],
])(
  "a result that cannot be kept (%s) fails nothing: its message is processed, and its duplicate has none",
  async (_, result) => {
    const { ended, events } = await twice(result);
    expect(ended.map(({ outcome }) => outcome)).toEqual([{ kind: "processed" }, { kind: "duplicate" }]);
    expect(events).toEqual(["result-not-kept"]);
  },
);

test("a handler that returns nothing leaves no result", async () => {
  const { ended, events } = await twice(undefined);
  expect(ended[1]?.outcome).toEqual({ kind: "duplicate" });
  expect(events).toEqual([]);
});
