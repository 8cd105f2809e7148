import type { FailureState } from "../failure/failed-message.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { listAll } from "../redrive/find-candidates.ts";

/** The most failed messages that one audit of an order looks at, the newest. */
const MOST_LISTED = 10_000;

/** A failed message that went out of its group's order: when it was sent again, a newer one had had its effect. */
export interface OutOfOrder {
  readonly failure: string;
  readonly group: string;
  /** Its sequence number, and that of the newer one. */
  readonly place: string;
  readonly overtakenBy: string;
  /** Resolved: its effect came after the newer one's. Requeued: it will. */
  readonly state: FailureState;
}

/** What the recorded history of a FIFO queue says of its groups' order. */
export interface OrderAudit {
  readonly queue: string;
  /** Failed messages that were looked at, of how many groups; only these can be out of order, since SQS gives the others in theirs. */
  readonly messages: number;
  readonly groups: number;
  /** Whether there are older ones, which were not looked at. */
  readonly more: boolean;
  readonly outOfOrder: readonly OutOfOrder[];
}

/**
 * Checks from what is recorded of failed messages that the effects of each group happened in sequence: each was sent again before any newer message of its
 * group had had its effect, as far as that is known (`passedPlaces`).
 */
export async function auditOrder(queue: string, { store }: Pick<RecoverPorts, "store">): Promise<OrderAudit> {
  const { failures, more } = await listAll({ queue }, MOST_LISTED, store);
  const inGroups = failures.filter(
    ({ groupId, sequenceNumber }) => groupId !== undefined && sequenceNumber !== undefined,
  );
  const outOfOrder = inGroups.flatMap(({ id, groupId: group = "", sequenceNumber: place = "", overtakenBy, state }) => {
    const isOut = overtakenBy !== undefined && (state === "resolved" || state === "requeued");
    return isOut ? [{ failure: id, group, place, overtakenBy, state }] : [];
  });
  const groups = new Set(inGroups.map(({ groupId }) => groupId)).size;
  return { queue, messages: inGroups.length, groups, more, outOfOrder };
}
