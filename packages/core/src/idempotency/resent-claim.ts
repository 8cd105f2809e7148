import type { Delivery } from "../consume.ts";
import { lineageOf, readEnvelope } from "../message/envelope.ts";
import type { ReceivedMessage } from "../message/received-message.ts";
import type { Claim } from "../model/claim-item.ts";
import { resentKey } from "./resent-key.ts";
import type { Stamp } from "./stamp.ts";

/** How long it is remembered that a message that was sent again is done, ms: as long as an idempotency key by default. */
const REMEMBERED_MS = 604_800_000;

/**
 * The claim on a message that Reliq has sent again, or of which its producer keeps a ledger, by its lineage; undefined for any other message. Its
 * body may have been edited or repaired since, so the claim does not look at it.
 */
export function lineageClaim(
  delivery: Pick<Delivery, "leaseUntilMs">,
  message: ReceivedMessage,
  stamp: Stamp,
): Claim | undefined {
  const { id, ledger, sends = 0 } = readEnvelope(message) ?? {};
  return id !== undefined && (ledger || sends > 0) ? claimByLineage(delivery, message, stamp) : undefined;
}

/** The claim on a message by its lineage, whatever it is. */
export function claimByLineage(
  { leaseUntilMs }: Pick<Delivery, "leaseUntilMs">,
  message: ReceivedMessage,
  stamp: Stamp,
): Claim {
  const { messageId, queue, receiveCount } = message;
  return {
    key: resentKey(queue, lineageOf(message)),
    ...stamp,
    messageId,
    // Counted as a later receive: what an earlier copy of it left behind is taken over, which a first receive does not try.
    receiveCount: receiveCount + 1,
    payloadHash: "",
    leaseUntilMs,
    ttlMs: REMEMBERED_MS,
  };
}
