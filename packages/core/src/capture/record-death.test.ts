import { expect, test } from "vitest";
import { sampleFailure } from "../../testing/failure-samples.ts";
import { sampleEntry } from "../../testing/journal-contract.ts";
import type { KnownLetter } from "./dead-letter.ts";
import { recordDeath } from "./record-death.ts";

/** A letter of a FIFO queue whose dead-letter queue has given it a number of its own. */
function letter(known: Partial<Pick<KnownLetter, "before">>, journalled: boolean): KnownLetter {
  const message = {
    messageId: "m-1",
    queue: "dead.fifo",
    body: "{}",
    attributes: {},
    receiveCount: 3,
    sentAtMs: 0,
    groupId: "g",
    sequenceNumber: "00000000000000000900",
  };
  const entry = sampleEntry({ sequenceNumber: "00000000000000000005" });
  return {
    explained: {
      letter: { message, queue: "orders.fifo", maxReceiveCount: 3 },
      lineage: "m-1",
      sends: 0,
      heals: 0,
      attempts: journalled ? [entry, { ...entry, receiveCount: 2 }] : [],
      cause: "threw",
      evidence: "it is journalled",
      inferred: !journalled,
      reason: { ...entry.reason, fingerprint: "1:00000000deadbeef" },
    },
    before: undefined,
    group: undefined,
    ...known,
  };
}

test("a message's place in its group is the one that its attempts saw, not the one that its dead-letter queue gave it", () => {
  expect(recordDeath(letter({}, true), 1).sequenceNumber).toBe("00000000000000000005");
});

test("a message that was sent again keeps its first place", () => {
  const before = sampleFailure({ state: "requeued", sends: 1, sequenceNumber: "00000000000000000002" });
  expect(recordDeath(letter({ before }, true), 1).sequenceNumber).toBe("00000000000000000002");
});

test("where nobody journalled it, the dead letter's own number is all there is", () => {
  expect(recordDeath(letter({}, false), 1).sequenceNumber).toBe("00000000000000000900");
});
