import {
  type Claim,
  type ConsumerOptions,
  consumer,
  deadLetters,
  exponential,
  type LogLine,
  type VisibilityChange,
} from "@reliq/core";
import { anyBody, memoryJournal, type SamplePorts, samplePorts } from "@reliq/core/testing";
import type { SQSEvent } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { lambdaContext, sqsEvent, sqsRecord } from "../../test/sqs-event.ts";
import type { BatchSeen } from "../telemetry/metrics.ts";
import { type LambdaPorts, lambdaHandler } from "./lambda-handler.ts";

function trial(
  handle: ConsumerOptions<unknown>["handle"],
  options: Partial<ConsumerOptions<unknown>> & { readonly ports?: Partial<SamplePorts> } = {},
): { readonly handler: ReturnType<typeof lambdaHandler>; readonly ports: SamplePorts; readonly lines: LogLine[] } {
  const ports = { ...samplePorts({ now: Date.now, ...options.ports }), maxReceiveCount: 2 };
  const { ports: _, ...rest } = options;
  const orders = consumer({ name: "orders", schema: anyBody, handle, ...rest });
  return { handler: lambdaHandler(orders, ports), ports, lines: ports.lines };
}

const failOn =
  (bad: unknown) =>
  (body: unknown): void => {
    if (body === bad) throw new Error("boom");
  };

test("a batch without failures answers with an empty list, which is full success", async () => {
  expect(await trial(() => {}).handler(sqsEvent("1", "2"), lambdaContext())).toEqual({ batchItemFailures: [] });
});

test("only what failed comes back, a body that is not JSON included", async () => {
  const { handler, ports } = trial(failOn(2));
  expect(await handler(sqsEvent("1", "2", "{", "4"), lambdaContext())).toEqual({
    batchItemFailures: [{ itemIdentifier: "m-1" }, { itemIdentifier: "m-2" }],
  });
  expect(await ports.journal.attempts("orders", "m-1")).toMatchObject([
    { receiveCount: 2, final: true, requestId: "r-1", reason: { message: "boom" } },
  ]);
});

test("metrics take note of each batch, with the time it took and how its messages ended", async () => {
  const seen: BatchSeen[] = [];
  let nowMs = 1_000;
  const ports: LambdaPorts = { ...samplePorts({ now: () => nowMs }), metrics: (batch) => seen.push(batch) };
  const handle = (): void => {
    nowMs += 5;
  };
  await lambdaHandler(consumer({ name: "orders", schema: anyBody, handle }), ports)(
    sqsEvent("1", "{"),
    lambdaContext(),
  );
  expect(seen).toMatchObject([{ consumer: "orders", durationMs: 5, endedAtMs: 1_005 }]);
  expect(seen[0]?.attempted.map(({ outcome }) => outcome.kind)).toEqual(["processed", "failed"]);
});

test("what was dead-lettered at once does not come back", async () => {
  const sent: string[] = [];
  const way = deadLetters(async ({ body }) => void sent.push(body));
  const { handler } = trial(() => {}, { failFast: true, ports: { deadLetters: way } });
  expect(await handler(sqsEvent("1", "{"), lambdaContext())).toEqual({ batchItemFailures: [] });
  expect(sent).toEqual(["{"]);
});

const fifoEvent = (...messages: readonly (readonly [group: string, body: string])[]): SQSEvent => ({
  Records: messages.map(([MessageGroupId, body], index) =>
    sqsRecord({
      messageId: `m-${index}`,
      receiptHandle: `r-${index}`,
      body,
      attributes: { ...sqsRecord().attributes, MessageGroupId, SequenceNumber: String(index).padStart(20, "0") },
    }),
  ),
});

test("on FIFO what is behind a failed message in its group comes back with it, unhandled, and other groups go on", async () => {
  const handled: unknown[] = [];
  const { handler } = trial((body) => {
    handled.push(body);
    failOn(2)(body);
  });
  const event = fifoEvent(["a", "1"], ["a", "2"], ["b", "3"], ["a", "4"], ["b", "{"], ["b", "5"], ["c", "6"]);
  expect(await handler(event, lambdaContext())).toEqual({
    batchItemFailures: ["m-1", "m-3", "m-4", "m-5"].map((itemIdentifier) => ({ itemIdentifier })),
  });
  expect(handled.toSorted()).toEqual([1, 2, 3, 6]);
});

test("what comes back says when, by its receipt handle", async () => {
  const changes: VisibilityChange[] = [];
  const visibility = { change: async (given: readonly VisibilityChange[]) => void changes.push(...given) };
  const retry = { backoff: exponential({ baseSeconds: 30, jitter: "none" }) };
  const { handler } = trial(failOn(1), { retry, ports: { visibility } });
  await handler(fifoEvent(["a", "1"], ["a", "2"], ["b", "3"]), lambdaContext());
  expect(changes.map(({ message, afterSeconds }) => [message.receiptHandle, afterSeconds])).toEqual([
    ["r-0", 60],
    ["r-1", 0],
  ]);
});

test("claims are held until the invocation can no longer be at work", async () => {
  const claims: Claim[] = [];
  const journal = memoryJournal();
  const claim = (given: readonly Claim[]): Promise<readonly boolean[]> => {
    claims.push(...given);
    return journal.claim(given);
  };
  const { handler } = trial(() => {}, { idempotency: { key: String }, ports: { journal: { ...journal, claim } } });
  const endsAtMs = Date.now() + 30_000;
  expect(await handler(sqsEvent("1", "2"), lambdaContext())).toEqual({ batchItemFailures: [] });
  expect(claims).toHaveLength(2);
  for (const { leaseUntilMs } of claims) expect(leaseUntilMs).toBeGreaterThan(endsAtMs);
});

describe("of 30 seconds", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("the last is for the journal: a handler that hangs is left, and its batch mates are kept", async () => {
    const { handler, ports } = trial((body) => (body === 2 ? new Promise(() => {}) : undefined));
    const answer = handler(sqsEvent("1", "2"), lambdaContext(30_000));
    await vi.advanceTimersByTimeAsync(29_000);
    expect(await answer).toEqual({ batchItemFailures: [{ itemIdentifier: "m-1" }] });
    expect(await ports.journal.attempts("orders", "m-1")).toMatchObject([{ reason: { category: "timeout" } }]);
  });

  test("a handler is told by its signal when its time is over, and not before", async () => {
    let toldAtMs = 0;
    const start = Date.now();
    const { handler } = trial(
      (_, { signal }) =>
        new Promise((_, reject) =>
          signal.addEventListener("abort", () => {
            toldAtMs = Date.now() - start;
            reject(signal.reason);
          }),
        ),
    );
    const answer = handler(sqsEvent("1"), lambdaContext(30_000));
    await vi.advanceTimersByTimeAsync(29_000);
    expect(await answer).toEqual({ batchItemFailures: [{ itemIdentifier: "m-0" }] });
    expect(toldAtMs).toBe(29_000);
  });

  test("the last tenth of a second is for the answer: a journal that hangs is left, and the reason is in the log", async () => {
    const journal = { ...memoryJournal(), settle: () => new Promise<never>(() => {}) };
    const { handler, lines } = trial(failOn(1), { ports: { journal } });
    const answer = handler(sqsEvent("1", "2"), lambdaContext(30_000));
    await vi.advanceTimersByTimeAsync(29_700);
    expect(await answer).toEqual({ batchItemFailures: [{ itemIdentifier: "m-0" }] });
    expect(lines.at(-1)).toMatchObject({ event: "journal-unavailable", entry: { messageId: "m-0" } });
  });

  test("no timer is left when the answer is given", async () => {
    await trial(() => {}).handler(sqsEvent("1"), lambdaContext(30_000));
    expect(vi.getTimerCount()).toBe(0);
  });
});

test.each([
  ["nothing", null],
  ["another source's", { Records: [{ ...sqsRecord(), eventSource: "aws:sns" }] }],
  ["a person's own", { orderId: "5" }],
  ["a broken", { Records: [null] }],
])("%s event is refused, so that nothing is taken for done", async (_, event) => {
  const { handler } = trial(() => {});
  await expect(handler(event as SQSEvent, lambdaContext())).rejects.toMatchObject({ code: "not-an-sqs-event" });
});
