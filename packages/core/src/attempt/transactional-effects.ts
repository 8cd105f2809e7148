import type { Delivery } from "../consume.ts";
import type { Consumer, TransactionalEffect } from "../consumer.ts";
import { PermanentFailure } from "../errors.ts";
import { claimByLineage } from "../idempotency/resent-claim.ts";
import { stamp } from "../idempotency/stamp.ts";
import { readEnvelope } from "../message/envelope.ts";
import type { ReceivedMessage } from "../message/received-message.ts";
import { ended, type Stage, type Work } from "../message/work.ts";
import type { Claim } from "../model/claim-item.ts";
import { sequenceGroup } from "../order/sequence-group.ts";
import type { Commit, ConsumePorts, Journal } from "../ports.ts";
import { inTime } from "../until-aborted.ts";

/** A message whose handler has returned. */
interface Handled<T> {
  readonly message: ReceivedMessage;
  readonly stage: Extract<Stage<T>, { at: "ready" }>;
}

/** What a consumer needs for effects that are writes. A port, so that the bundle of a consumer which has none has nothing of it. */
export interface TransactionalEffects {
  /**
   * Commits what a handler returned, together with what makes it happen once.
   * @throws PermanentFailure where the handler did not return writes, or nothing makes them happen once; what the journal throws
   */
  commit<T>(
    consumer: Consumer<T>,
    delivery: Delivery,
    handled: Handled<T>,
    result: unknown,
    ports: ConsumePorts,
  ): Promise<Work<T>>;
}

/** Makes the consumer's port `effects` of the journal that holds its claims. */
export function transactionalEffects(journal: Pick<Journal, "commit">): TransactionalEffects {
  return {
    commit: async (consumer, delivery, { message, stage }, result, ports) => {
      const lineage = claimedLineage(delivery, message, ports);
      const { writes } = (result ?? {}) as Partial<TransactionalEffect>;
      if (!Array.isArray(writes) || writes.length > 98) {
        const is = Array.isArray(writes) ? `${writes.length} writes` : "no `writes`";
        throw new PermanentFailure(
          `The handler of ${consumer.name} returned ${is}; with a transactional effect it returns { writes: […] }, at most 98.`,
        );
      }
      const once = bySequence(consumer, message, lineage) ?? byClaim(consumer, stage.claim, ports);
      const committed = await inTime("The journal", () => journal.commit({ writes, once }), delivery.deadline);
      if (committed === "done") return ended(message, { kind: "processed" }, stage.claim);
      if (stage.claim) return { message, stage: { at: "refused", claim: stage.claim } };
      return ended(message, { kind: "duplicate" });
    },
  };
}

/**
 * A copy that is sent again has another sequence number, so the lineage is claimed too, in the same transaction: by each message that can die,
 * whoever is killed at all its later receives.
 */
function claimedLineage(delivery: Delivery, message: ReceivedMessage, ports: ConsumePorts): Claim | undefined {
  const { sends = 0 } = readEnvelope(message) ?? {};
  const canBeSentAgain = sends > 0 || delivery.maxReceiveCount !== undefined;
  return canBeSentAgain ? claimByLineage(delivery, message, stamp(ports)) : undefined;
}

function bySequence<T>(
  { name }: Consumer<T>,
  message: ReceivedMessage,
  lineage: Claim | undefined,
): Commit["once"] | undefined {
  const { queue, groupId, sequenceNumber } = message;
  if (sequenceNumber === undefined || groupId === undefined) return undefined;
  const { sends = 0, release, place } = readEnvelope(message) ?? {};
  const inOrder = sends === 0 ? sequenceNumber : release === undefined ? undefined : place;
  return {
    by: "sequence",
    group: sequenceGroup(name, queue, groupId),
    sequenceNumber,
    ...(lineage && { lineage }),
    ...(inOrder !== undefined && { place: inOrder }),
  };
}

function byClaim<T>({ name }: Consumer<T>, claim: Claim | undefined, ports: ConsumePorts): Commit["once"] {
  if (claim) return { by: "claim", claim: { ...claim, endedAtMs: ports.now() } };
  throw new PermanentFailure(
    `${name} has a transactional effect but no \`idempotency\`: on a standard queue it needs a key.`,
  );
}
