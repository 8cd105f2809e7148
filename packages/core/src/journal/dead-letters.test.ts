import { expect, test } from "vitest";
import { anyBody, sampleMessage, samplePorts } from "../../testing/index.ts";
import { consume, type Delivery } from "../consume.ts";
import { consumer } from "../consumer.ts";
import { ValidationFailure } from "../errors.ts";
import type { Attempted } from "../message/work.ts";
import type { LogLine } from "../ports.ts";
import { deadLetters, type SendDeadLetter } from "./dead-letters.ts";

interface Trial {
  readonly send?: SendDeadLetter;
  readonly handle?: () => void;
  readonly deadline?: AbortSignal;
}

async function failFastOn(trial: Trial): Promise<{ attempted: readonly Attempted[]; lines: LogLine[] }> {
  const deadline = trial.deadline ?? new AbortController().signal;
  const delivery: Delivery = {
    messages: [sampleMessage()],
    signal: new AbortController().signal,
    deadline,
    leaseUntilMs: 30_000,
  };
  const ports = samplePorts(trial.send && { deadLetters: deadLetters(trial.send) });
  const orders = consumer({ name: "orders", schema: anyBody, failFast: true, handle: trial.handle ?? refuse });
  return { attempted: await consume(orders, delivery, ports), lines: ports.lines };
}

function refuse(): never {
  throw new ValidationFailure("storeId: is missing");
}

test("what can never succeed is dead-lettered at its first failure, with its reason", async () => {
  const sent: unknown[] = [];
  const send: SendDeadLetter = async (message, reason) => void sent.push([message.body, reason.category]);
  const { attempted } = await failFastOn({ send });
  expect(attempted).toMatchObject([{ outcome: { kind: "dead-lettered", reason: { category: "validation" } } }]);
  expect(sent).toEqual([["{}", "validation"]]);
});

test("what can succeed later stays on its queue", async () => {
  const send: SendDeadLetter = () => Promise.reject(new Error("never called"));
  const handle = (): void => {
    throw new Error("boom");
  };
  const { attempted } = await failFastOn({ send, handle });
  expect(attempted).toMatchObject([{ outcome: { kind: "failed", reason: { retryable: true } } }]);
});

test("a message whose copy could not be sent stays failed, and the log says why", async () => {
  const send: SendDeadLetter = () => Promise.reject(new Error("queue is gone"));
  const { attempted, lines } = await failFastOn({ send });
  expect(attempted).toMatchObject([{ outcome: { kind: "failed" } }]);
  expect(lines.at(-1)).toMatchObject({
    event: "fail-fast-unavailable",
    messageId: "m-1",
    error: "Error: queue is gone",
  });
});

test("a dead-letter queue that does not answer is not waited for beyond the deadline", async () => {
  const due = new AbortController();
  const send: SendDeadLetter = () => new Promise(() => setTimeout(() => due.abort(), 5));
  const { attempted } = await failFastOn({ send, deadline: due.signal });
  expect(attempted).toMatchObject([{ outcome: { kind: "failed" } }]);
});

test("a copy whose time is over before it is sent is not sent: it would be a second one", async () => {
  let sent = 0;
  const send: SendDeadLetter = async () => void sent++;
  const { attempted } = await failFastOn({ send, deadline: AbortSignal.abort() });
  expect(attempted).toMatchObject([{ outcome: { kind: "failed" } }]);
  expect(sent).toBe(0);
});

test("without a way to the dead-letter queue nothing is handled at all", async () => {
  let handled = 0;
  await expect(failFastOn({ handle: () => void handled++ })).rejects.toMatchObject({ code: "port-missing" });
  expect(handled).toBe(0);
});
