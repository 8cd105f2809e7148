import { type ConsumerOptions, consumer, type LogLine } from "@reliq/core";
import { anyBody, memoryJournal } from "@reliq/core/testing";
import type { SQSEvent } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { lambdaContext, sqsEvent, sqsRecord } from "../../test/sqs-event.ts";
import { type LambdaPorts, lambdaHandler } from "./lambda-handler.ts";

function trial(
  handle: ConsumerOptions<unknown>["handle"],
  options: { readonly failFast?: boolean; readonly ports?: Partial<LambdaPorts> } = {},
): { readonly handler: ReturnType<typeof lambdaHandler>; readonly ports: LambdaPorts; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const ports: LambdaPorts = {
    journal: memoryJournal(),
    log: (line) => lines.push(line),
    now: Date.now,
    maxReceiveCount: 2,
    ...options.ports,
  };
  const { failFast = false } = options;
  return {
    handler: lambdaHandler(consumer({ name: "orders", schema: anyBody, failFast, handle }), ports),
    ports,
    lines,
  };
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

test("what was dead-lettered at once does not come back", async () => {
  const sent: string[] = [];
  const deadLetters = { send: async ({ body }: { body: string }) => void sent.push(body) };
  const { handler } = trial(() => {}, { failFast: true, ports: { deadLetters } });
  expect(await handler(sqsEvent("1", "{"), lambdaContext())).toEqual({ batchItemFailures: [] });
  expect(sent).toEqual(["{"]);
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
    const journal = { ...memoryJournal(), record: () => new Promise<void>(() => {}) };
    const { handler, lines } = trial(failOn(1), { ports: { journal } });
    const answer = handler(sqsEvent("1", "2"), lambdaContext(30_000));
    await vi.advanceTimersByTimeAsync(29_900);
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
