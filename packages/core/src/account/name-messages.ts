import { failureId } from "../failure/failed-message.ts";
import type { FailureStore } from "../recover-ports.ts";

/** A message that ended without its consumer, as a host that keeps the queues' history tells. */
export interface EndedMessage {
  readonly messageId: string;
  /** The queue that it was sent to, also where it ended in its dead-letter queue. */
  readonly queue: string;
  readonly lineage: string;
  /** `deleted` is one of the dead-letter queue's. */
  readonly kind: "deleted" | "expired" | "purged";
  /** Milliseconds since the Unix epoch. */
  readonly endedAtMs: number;
}

/** Where named messages are: places of an account that are nobody's plan. */
type NamedPlace =
  | "deletedByHand"
  | "expired"
  | "purged"
  /** In their producer's ledger, of a queue at rest, and neither processed nor kept anywhere. */
  | "unaccounted";

/** Messages of one place of an account. */
export interface NamedMessages {
  readonly place: NamedPlace;
  /** SQS ids, the newest first, at most 20. */
  readonly ids: readonly string[];
  /** How many more there are, as far as they are known. */
  readonly more: number;
}

/** The most ids that are named of one place. */
const MOST_NAMED = 20;

/** The most ended dead letters that are looked up. */
const MOST_LOOKED_UP = 1_000;
const LOOKED_UP_AT_ONCE = 100;

/**
 * Names the messages behind the places of an account that are nobody's plan. A dead letter that was deleted and that the failure
 * store knows was captured; the others were deleted by hand.
 */
export async function nameMessages(
  ends: readonly EndedMessage[],
  store: Pick<FailureStore, "failures"> | undefined,
): Promise<readonly NamedMessages[]> {
  const of = (kind: EndedMessage["kind"]): readonly EndedMessage[] => ends.filter((each) => each.kind === kind);
  const byHand = await notCaptured(of("deleted"), store);
  const places = { deletedByHand: byHand, expired: of("expired"), purged: of("purged") };
  return (Object.keys(places) as (keyof typeof places)[]).flatMap((place) => {
    const messages = places[place].toSorted((a, b) => b.endedAtMs - a.endedAtMs);
    const ids = messages.slice(0, MOST_NAMED).map(({ messageId }) => messageId);
    return ids.length === 0 ? [] : [{ place, ids, more: messages.length - ids.length }];
  });
}

async function notCaptured(
  deleted: readonly EndedMessage[],
  store: Pick<FailureStore, "failures"> | undefined,
): Promise<readonly EndedMessage[]> {
  if (!store) return deleted;
  const unknown: EndedMessage[] = [];
  for (let start = 0; start < Math.min(deleted.length, MOST_LOOKED_UP); start += LOOKED_UP_AT_ONCE) {
    const some = deleted.slice(start, start + LOOKED_UP_AT_ONCE);
    const records = await store.failures(some.map(({ queue, lineage }) => failureId(queue, lineage)));
    unknown.push(...some.filter((_, index) => records[index] === undefined));
  }
  return unknown;
}
