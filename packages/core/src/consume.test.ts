import fc from "fast-check";
import { expect, test } from "vitest";
import { anyBody, memoryJournal, samplePorts as ports, sampleMessage } from "../testing/index.ts";
import { consume, type Delivery } from "./consume.ts";
import { type Consumer, type ConsumerOptions, consumer } from "./consumer.ts";
import { ValidationFailure } from "./errors.ts";
import type { Attempted } from "./message/work.ts";
import type { VisibilityChange } from "./ports.ts";

const NOW_MS = Date.UTC(2026, 1, 1, 12);

function orders(options: Partial<ConsumerOptions<unknown>>): Consumer<unknown> {
  return consumer({ name: "orders", schema: anyBody, handle: () => {}, ...options });
}

/** Three messages, m-0 to m-2, whose bodies are their indexes. */
function delivery(changes: Partial<Delivery> = {}): Delivery {
  const messages = [0, 1, 2].map((index) => sampleMessage({ messageId: `m-${index}`, body: String(index) }));
  const [signal, deadline] = [new AbortController().signal, new AbortController().signal];
  return {
    messages,
    maxReceiveCount: 3,
    requestId: "r-1",
    leaseUntilMs: NOW_MS + 30_000,
    signal,
    deadline,
    ...changes,
  };
}

function kinds(attempted: readonly Attempted[]): string[] {
  return attempted.map(({ message, outcome }) => `${message.messageId} ${outcome.kind}`);
}

test("outcomes come in the order of the messages, however long each takes", async () => {
  const handle = (body: unknown): Promise<void> => new Promise((done) => setTimeout(done, 20 - Number(body) * 10));
  const attempted = await consume(orders({ handle }), delivery(), ports());
  expect(kinds(attempted)).toEqual(["m-0 processed", "m-1 processed", "m-2 processed"]);
});

test("one bad message never fails its batch mates", async () => {
  const handle = (body: unknown): void => {
    if (body === 1) throw new ValidationFailure("storeId: is missing");
  };
  const used = ports();
  const attempted = await consume(orders({ handle }), delivery(), used);
  expect(kinds(attempted)).toEqual(["m-0 processed", "m-1 failed", "m-2 processed"]);
  const [entry] = await used.journal.attempts("orders", "m-1");
  expect(entry).toMatchObject({ consumer: "orders", failedAtMs: NOW_MS, final: false, requestId: "r-1" });
  expect(entry?.reason).toMatchObject({ category: "validation", message: "storeId: is missing", retryable: false });
  expect(await used.journal.attempts("orders", "m-0")).toEqual([]);
});

test("a handler that never ends costs no batch mate its outcome", async () => {
  const over = new AbortController();
  const handle = (body: unknown): Promise<void> | void => {
    if (body === 1) return new Promise(() => setTimeout(() => over.abort(), 5));
  };
  const used = ports();
  const attempted = await consume(orders({ handle }), delivery({ signal: over.signal }), used);
  expect(kinds(attempted)).toEqual(["m-0 processed", "m-1 failed", "m-2 processed"]);
  expect((await used.journal.attempts("orders", "m-1"))[0]?.reason).toMatchObject({ category: "timeout", stack: "" });
});

test("a journal that is down changes no outcome, and the whole reasons are in the log", async () => {
  const down = { ...memoryJournal(), settle: () => Promise.reject(new Error("no route to host")) };
  const handle = (): void => {
    throw new Error("boom");
  };
  const used = ports({ journal: down });
  const attempted = await consume(orders({ handle }), delivery(), used);
  expect(kinds(attempted)).toEqual(["m-0 failed", "m-1 failed", "m-2 failed"]);
  const lost = used.lines.filter((line) => line.event === "journal-unavailable");
  expect(lost.map((line) => line["entry"])).toMatchObject([0, 1, 2].map((index) => ({ messageId: `m-${index}` })));
  expect(lost[0]).toMatchObject({
    error: "Error: no route to host",
    entry: { reason: { stack: expect.stringContaining("boom") } },
  });
});

test("a journal that does not answer is not waited for beyond the deadline", async () => {
  const due = new AbortController();
  const silent = {
    ...memoryJournal(),
    settle: () => new Promise<never>(() => setTimeout(() => due.abort(), 5)),
  };
  const handle = (): void => {
    throw new Error("boom");
  };
  const used = ports({ journal: silent });
  const attempted = await consume(orders({ handle }), delivery({ deadline: due.signal }), used);
  expect(attempted).toHaveLength(3);
  expect(used.lines.at(-1)).toMatchObject({ event: "journal-unavailable", error: expect.stringContaining("answer") });
});

test.each([
  [1, 10],
  [2, 20],
  [3, 40],
  [4, 60],
  [9, 60],
])(
  "while claims cannot be made a message comes back later with each receive: receive %s after %s s",
  async (receiveCount, seconds) => {
    const down = { ...memoryJournal(), claim: () => Promise.reject(new Error("no route to host")) };
    const changes: VisibilityChange[] = [];
    const visibility = { change: async (given: readonly VisibilityChange[]) => void changes.push(...given) };
    const keyed = orders({ idempotency: { key: () => "o-1" } });
    const messages = [sampleMessage({ receiveCount })];
    const attempted = await consume(keyed, delivery({ messages }), ports({ journal: down, visibility }));
    expect(attempted[0]?.outcome).toEqual({ kind: "deferred", cause: "journal-unavailable" });
    expect(changes.map(({ afterSeconds }) => afterSeconds)).toEqual([seconds]);
  },
);

test.each([
  [2, 3, false],
  [3, 3, true],
  [4, 3, true],
  [9, undefined, false],
])("receive %s of %s is final: %s", async (receiveCount, maxReceiveCount, final) => {
  const handle = (): void => {
    throw new Error("boom");
  };
  const used = ports();
  const { signal, deadline, leaseUntilMs } = delivery();
  const limit = maxReceiveCount === undefined ? {} : { maxReceiveCount };
  const messages = [sampleMessage({ receiveCount })];
  await consume(orders({ handle }), { messages, signal, deadline, leaseUntilMs, ...limit }, used);
  expect((await used.journal.attempts("orders", "m-1"))[0]?.final).toBe(final);
});

test("a batch without failures writes nothing down", async () => {
  const used = ports({ journal: { ...memoryJournal(), settle: () => Promise.reject(new Error("never called")) } });
  await consume(orders({}), delivery(), used);
  expect(used.lines).toEqual([]);
});

test("more messages than an emitter takes listeners make no warning", async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on("warning", onWarning);
  const messages = Array.from({ length: 100 }, (_, index) => sampleMessage({ messageId: `m-${index}` }));
  await consume(orders({ handle: () => new Promise((done) => setTimeout(done, 1)) }), delivery({ messages }), ports());
  process.off("warning", onWarning);
  expect(warnings).toEqual([]);
});

test("whatever handlers throw, each message has one outcome and each failure one entry", async () => {
  const step = fc.oneof(fc.constant("return"), fc.anything(), fc.string().map(Error));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      const messages = steps.map((_, index) => sampleMessage({ messageId: `m-${index}`, body: String(index) }));
      const handle = (body: unknown): void => {
        if (steps[Number(body)] !== "return") throw steps[Number(body)];
      };
      const used = ports();
      const attempted = await consume(orders({ handle }), delivery({ messages }), used);
      expect(kinds(attempted)).toEqual(
        steps.map((each, index) => `m-${index} ${each === "return" ? "processed" : "failed"}`),
      );
      const { entries } = await used.journal.failures("orders", "2026-02-01");
      expect(entries).toHaveLength(steps.filter((each) => each !== "return").length);
    }),
  );
});
