import type { FailureState } from "../failure/failed-message.ts";
import type { QuarantineTotals, QueueTotals } from "../failure/queue-totals.ts";
import { type Account, account, type QueueCounts } from "./account.ts";

/** Where the messages of queues are that recovery serves: one that Reliq sent again is still one message. */
export interface RecoveredAccount extends Account {
  /** In the failure store, for a person or a redrive. */
  readonly held: number;
  /** In the failure store, until their backoff ends. */
  readonly healing: number;
  readonly archived: number;
  /** In the failure store, behind a failed message of their group; present where groups were held. */
  readonly setAside?: number;
  /** Deleted from the dead-letter queue by something else than their capture: by hand, or as a late copy of a death that was known. */
  readonly deletedByHand: number;
}

/**
 * Balances queues and their dead-letter queue with what the failure store counts of them. A captured death is a message that left the
 * dead-letter queue for the store, what a held group sets aside is one that left its queue for the store unprocessed, and a send is one that left the store for its queue: neither is a person's delete, nor accepted
 * twice. While a letter is in hand it is in the store and still on its queue, and `deletedByHand` one too low. A copy that was sent once more because
 * its sender was killed is counted by the service alone: as one more accepted, and where it ended.
 */
export function accountWithStore(
  queue: QueueCounts,
  deadLetterQueue: QueueCounts,
  totals: readonly QueueTotals[],
): RecoveredAccount {
  const base = account(queue, deadLetterQueue);
  const sum = (of: (each: QueueTotals) => number): number => totals.reduce((before, each) => before + of(each), 0);
  const inState = (state: FailureState): number => sum(({ states }) => states[state]);
  const deaths = sum((each) => each.deaths);
  const sends = sum((each) => each.sends);
  const aside = quarantineTotals(totals);
  const kept = { held: inState("held"), healing: inState("healing"), archived: inState("archived") };
  return {
    ...base,
    accepted: base.accepted - sends - aside.sent,
    processed: base.processed - aside.setAside - aside.dropped + aside.letters,
    ...kept,
    ...(aside.setAside > 0 && { setAside: aside.setAside + aside.dropped - aside.sent }),
    // What left for the store, and is neither kept there nor sent again, was given up by a person or resolved by one.
    discarded: queue.purged + deadLetterQueue.purged + deaths - sends - kept.held - kept.healing - kept.archived,
    deletedByHand: deadLetterQueue.deleted - deaths - aside.letters,
  };
}

function quarantineTotals(totals: readonly QueueTotals[]): QuarantineTotals {
  const all = totals.flatMap(({ quarantine }) => quarantine ?? []);
  const sum = (name: keyof QuarantineTotals): number => all.reduce((before, each) => before + each[name], 0);
  return { setAside: sum("setAside"), sent: sum("sent"), dropped: sum("dropped"), letters: sum("letters") };
}

/** What is wrong with an account, in words; undefined where nothing is. A letter that recovery has in hand is in two places for a moment. */
export function whatIsWrong({
  difference,
  deadLettered,
  discarded,
  deletedByHand = 0,
}: Account & Partial<Pick<RecoveredAccount, "deletedByHand">>): string | undefined {
  if (difference > 0) return `${difference} missing`;
  if (difference < 0) return `${-difference} too many`;
  if (discarded < 0) return `the failure store has ${-discarded} too many`;
  const uncaptured = -deletedByHand - deadLettered;
  return uncaptured > 0 ? `${uncaptured} captured that never left the dead-letter queue` : undefined;
}
