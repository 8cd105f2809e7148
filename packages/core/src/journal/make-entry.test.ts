import { expect, test } from "vitest";
import { anyBody, memoryJournal, type SamplePorts, sampleMessage, samplePorts } from "../../testing/index.ts";
import { NEVER } from "../../testing/never.ts";
import { causeOfDeath } from "../classify/cause-of-death.ts";
import { fingerprint } from "../classify/fingerprint.ts";
import { consume } from "../consume.ts";
import { type ConsumerOptions, consumer } from "../consumer.ts";
import { Deferral } from "../errors.ts";
import type { ReceivedMessage } from "../message/received-message.ts";
import { redacted } from "../redact/redacted.ts";
import type { JournalEntry } from "./journal-entry.ts";

type Handle = ConsumerOptions<unknown>["handle"];

const boom: Handle = () => {
  throw new Error("boom");
};

/** Takes messages of one group, m-0, m-1, …, through a consumer at a receive of a queue that allows three, and gives back their entries. */
async function entriesOf(
  receiveCount: number,
  messages: readonly Partial<ReceivedMessage>[],
  options: Partial<ConsumerOptions<unknown>>,
  ports: Partial<SamplePorts> = {},
): Promise<readonly JournalEntry[]> {
  const used = samplePorts(ports);
  const orders = consumer({ name: "orders", schema: anyBody, handle: boom, ...options });
  const numbered = messages.map((changes, index) =>
    sampleMessage({ messageId: `m-${index}`, receiveCount, groupId: "g", sequenceNumber: `${index}`, ...changes }),
  );
  const leaseUntilMs = used.now() + 30_000;
  await consume(orders, { messages: numbered, maxReceiveCount: 3, leaseUntilMs, signal: NEVER, deadline: NEVER }, used);
  const all = await Promise.all(numbered.map(({ queue, messageId }) => used.journal.attempts(queue, messageId)));
  return all.flat();
}

test("a message whose receives were spent behind a failing sibling leaves an entry that says so", async () => {
  const [failed, skipped] = await entriesOf(3, [{}, {}], {});
  expect(failed).toMatchObject({ messageId: "m-0", final: true, reason: { message: "boom" } });
  expect(failed).not.toHaveProperty("deferral");
  expect(skipped).toMatchObject({
    messageId: "m-1",
    final: true,
    deferral: "behind-sibling",
    reason: { category: "dependency", errorName: "Deferral", stack: "", retryable: true },
  });
  expect(causeOfDeath({ attempts: skipped ? [skipped] : [] })).toEqual({
    cause: "skipped-behind-sibling",
    evidence: 'receive 3 is journalled as deferred: message "m-0" of its group did not succeed before it',
    inferred: false,
  });
});

test("a message that waits behind a sibling and has receives left leaves nothing", async () => {
  expect(await entriesOf(2, [{}, {}, {}], {})).toHaveLength(1);
});

test("messages that died behind different siblings are one problem", async () => {
  const entries = await entriesOf(3, [{}, {}, { groupId: "h" }, { groupId: "h" }], {});
  const skipped = entries.filter(({ deferral }) => deferral !== undefined);
  expect(new Set(skipped.map(({ reason }) => reason.message)).size).toBe(2);
  expect(new Set(skipped.map(({ reason }) => fingerprint("Deferral", reason.message, ""))).size).toBe(1);
});

test("a message that its handler gave back to the end has its handler's word for it, without personal data", async () => {
  const handle: Handle = () => {
    throw new Deferral("the breaker of payments is open for Ada");
  };
  const [entry] = await entriesOf(3, [{ body: '{"name":"Ada"}' }], { handle, personalFields: redacted(["name"]) });
  expect(entry?.reason.message).toMatch(/its handler gave it back: the breaker of payments is open for (?!Ada)/);
  expect(causeOfDeath({ attempts: entry ? [entry] : [] }).cause).toBe("throttled-never-ran");
});

test("a handler that outlasted its visibility leaves an entry, whichever receive it was", async () => {
  const journal = memoryJournal();
  const idempotency = { key: () => "k" };
  // Meanwhile another receive takes the claim over, and completes it.
  const handle: Handle = async (_, { receiveCount }) => {
    if (receiveCount === 1) await entriesOf(2, [{}], { handle: () => {}, idempotency }, { journal });
  };
  const newToken = (): string => "late";
  const [entry] = await entriesOf(1, [{}], { handle, idempotency }, { journal, newToken });
  expect(entry).toMatchObject({ receiveCount: 1, final: false, deferral: "claim-lost" });
  const attempts = entry ? [entry] : [];
  expect(causeOfDeath({ attempts, receiveCount: 3, maxReceiveCount: 3 }).cause).toBe("visibility-expired");
});

test("a batch that succeeds, or waits with receives left, asks the journal for nothing", async () => {
  const refuse = (): Promise<never> => Promise.reject(new Error("asked"));
  const journal = { ...memoryJournal(), settle: refuse };
  const handle: Handle = () => {
    throw new Deferral("not now");
  };
  expect(await entriesOf(3, [{}], { handle: () => {} }, { journal })).toEqual([]);
  expect(await entriesOf(2, [{}, {}], { handle }, { journal })).toEqual([]);
});
