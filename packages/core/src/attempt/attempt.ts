import type { Delivery } from "../consume.ts";
import type { Consumer, TransactionalEffect } from "../consumer.ts";
import { Failure, isDeferral, PermanentFailure } from "../errors.ts";
import { resentClaim } from "../idempotency/resent-claim.ts";
import { stamp } from "../idempotency/stamp.ts";
import { failed } from "../message/failed.ts";
import type { ReceivedMessage } from "../message/received-message.ts";
import { ended, type Stage, type Work } from "../message/work.ts";
import type { Claim } from "../model/claim-item.ts";
import { sequenceGroup } from "../order/sequence-group.ts";
import type { Commit, ConsumePorts } from "../ports.ts";
import { inTime, untilAborted, type Waits, waitsOn } from "../until-aborted.ts";

type Ready<T> = Extract<Stage<T>, { at: "ready" }>;

/**
 * Calls the consumer's handler once on a ready message, and commits what it returns where its effect is transactional; never
 * throws. A handler that has not ended when its time is over has failed: waiting on would cost its batch mates their own outcomes.
 */
export function attempt<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  work: Work<T>,
  ports: ConsumePorts,
  waits: Waits,
): Promise<Work<T>> | Work<T> {
  const { message, stage } = work;
  if (stage.at !== "ready") return work;
  const { turn } = ports;
  const go = (): Promise<Work<T>> => attemptInTurn(consumer, delivery, message, stage, ports, waits);
  return turn ? inTurn(turn, message, go) : go();
}

async function inTurn<T>(
  turn: NonNullable<ConsumePorts["turn"]>,
  message: ReceivedMessage,
  go: () => Promise<Work<T>>,
): Promise<Work<T>> {
  const endTurn = await turn();
  if (endTurn === "over") return ended(message, { kind: "deferred", cause: "out-of-time", retryAfterSeconds: 0 });
  try {
    return await go();
  } finally {
    endTurn();
  }
}

async function attemptInTurn<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  message: ReceivedMessage,
  stage: Ready<T>,
  ports: ConsumePorts,
  waits: Waits,
): Promise<Work<T>> {
  if (delivery.signal.aborted) return ended(message, { kind: "deferred", cause: "out-of-time" });
  const limit = ports.timeLimit(consumer.timeoutSeconds, delivery.signal);
  const ends = limit.signal === waits.signal ? waits : waitsOn(limit.signal);
  try {
    const result = await untilAborted(
      () => callHandler(consumer, stage.body, stage.read, limit.signal),
      ends,
      outOfTime,
    );
    if (consumer.effect !== "transactional") return ended(message, { kind: "processed" }, stage.claim, result);
    const committed = await inTime(
      "The journal",
      () =>
        ports.journal.commit(
          commitOf(consumer, message, stage, result, resentClaim(delivery, message, stamp(ports)), ports),
        ),
      delivery.deadline,
    );
    if (committed === "done") return ended(message, { kind: "processed" }, stage.claim);
    return stage.claim
      ? { message, stage: { at: "refused", claim: stage.claim } }
      : ended(message, { kind: "duplicate" });
  } catch (thrown) {
    if (!isDeferral(thrown)) return ended(message, failed(consumer, stage.read, thrown));
    const { reason } = failed(consumer, stage.read, thrown);
    const { retryAfterSeconds } = thrown;
    return ended(message, { kind: "deferred", cause: "handler", retryAfterSeconds, why: reason.message });
  } finally {
    if (ends !== waits) ends.end();
    limit.end();
  }
}

/** Its name ends the part of a stack that takes part in the fingerprint. */
function callHandler<T>(consumer: Consumer<T>, body: T, message: ReceivedMessage, signal: AbortSignal): unknown {
  const { messageId, queue, attributes, receiveCount, groupId, sequenceNumber } = message;
  const context = { messageId, queue, attributes, receiveCount, signal };
  if (groupId === undefined && sequenceNumber === undefined) return consumer.handle(body, context);
  return consumer.handle(body, {
    ...context,
    ...(groupId !== undefined && { groupId }),
    ...(sequenceNumber !== undefined && { sequenceNumber }),
  });
}

/** @throws PermanentFailure where the handler did not return writes, or nothing makes them happen once */
function commitOf<T>(
  consumer: Consumer<T>,
  message: ReceivedMessage,
  { claim }: Ready<T>,
  result: unknown,
  resent: Claim | undefined,
  ports: ConsumePorts,
): Commit {
  const { writes } = (result ?? {}) as Partial<TransactionalEffect>;
  if (!Array.isArray(writes) || writes.length > 98) {
    const is = Array.isArray(writes) ? `${writes.length} writes` : "no `writes`";
    throw new PermanentFailure(
      `The handler of ${consumer.name} returned ${is}; with a transactional effect it returns { writes: […] }, at most 98.`,
    );
  }
  if (message.sequenceNumber !== undefined && message.groupId !== undefined) {
    const group = sequenceGroup(consumer.name, message.queue, message.groupId);
    return {
      writes,
      once: { by: "sequence", group, sequenceNumber: message.sequenceNumber, ...(resent && { resent }) },
    };
  }
  if (claim) return { writes, once: { by: "claim", claim: { ...claim, endedAtMs: ports.now() } } };
  throw new PermanentFailure(
    `${consumer.name} has a transactional effect but no \`idempotency\`: on a standard queue it needs a key.`,
  );
}

/** Without a stack: it would show where Reliq waited, not where the handler was. */
function outOfTime(): Failure {
  const failure = new Failure("timeout", "The handler had not ended when the time for this message was over.");
  failure.stack = "";
  return failure;
}
