import type { Delivery } from "../consume.ts";
import type { Consumer, TransactionalEffect } from "../consumer.ts";
import { Failure, isDeferral, PermanentFailure } from "../errors.ts";
import { resentClaim } from "../idempotency/resent-claim.ts";
import { stamp } from "../idempotency/stamp.ts";
import { failed } from "../message/failed.ts";
import type { Outcome } from "../message/outcome.ts";
import type { ReceivedMessage } from "../message/received-message.ts";
import { ended, type Stage, type Work } from "../message/work.ts";
import type { Claim } from "../model/claim-item.ts";
import { sequenceGroup } from "../order/sequence-group.ts";
import type { Commit, ConsumePorts, Journal } from "../ports.ts";
import { inTime, untilAborted } from "../until-aborted.ts";

const PROCESSED: Outcome = { kind: "processed" };

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
): Promise<Work<T>> | Work<T> {
  const { message, stage } = work;
  if (stage.at !== "ready") return work;
  const { turn } = ports;
  const go = (): Promise<Work<T>> | Work<T> => attemptInTurn(consumer, delivery, message, stage, ports);
  return turn ? inTurn(turn, message, go) : go();
}

async function inTurn<T>(
  turn: NonNullable<ConsumePorts["turn"]>,
  message: ReceivedMessage,
  go: () => Promise<Work<T>> | Work<T>,
): Promise<Work<T>> {
  const endTurn = await turn();
  if (endTurn === "over") return ended(message, { kind: "deferred", cause: "out-of-time", retryAfterSeconds: 0 });
  try {
    return await go();
  } finally {
    endTurn();
  }
}

/** Without `async`: what that keeps of a call is dearer than a short handler. */
function attemptInTurn<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  message: ReceivedMessage,
  stage: Ready<T>,
  ports: ConsumePorts,
): Promise<Work<T>> | Work<T> {
  if (delivery.signal.aborted) return ended(message, { kind: "deferred", cause: "out-of-time" });
  const limit = ports.timeLimit(consumer.timeoutSeconds, delivery.signal);
  const call = (): unknown => callHandler(consumer, stage.body, stage.read, limit.signal);
  return untilAborted(call, limit.signal, outOfTime).then(
    (result) => {
      limit.end();
      if (consumer.effect === "transactional") return commitEffect(consumer, delivery, message, stage, result, ports);
      return ended<T>(message, PROCESSED, stage.claim, result);
    },
    (thrown) => {
      limit.end();
      return notProcessed(consumer, message, stage.read, thrown);
    },
  );
}

async function commitEffect<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  message: ReceivedMessage,
  stage: Ready<T>,
  result: unknown,
  ports: ConsumePorts,
): Promise<Work<T>> {
  try {
    const resent = resentClaim(delivery, message, stamp(ports));
    const commit = commitOf(consumer, message, stage, result, resent, ports);
    // checkPath has refused a journal without `commit`.
    const journal = ports.journal as Pick<Journal, "commit">;
    const committed = await inTime("The journal", () => journal.commit(commit), delivery.deadline);
    if (committed === "done") return ended(message, PROCESSED, stage.claim);
    return stage.claim
      ? { message, stage: { at: "refused", claim: stage.claim } }
      : ended(message, { kind: "duplicate" });
  } catch (thrown) {
    return notProcessed(consumer, message, stage.read, thrown);
  }
}

function notProcessed<T>(
  consumer: Consumer<T>,
  message: ReceivedMessage,
  read: ReceivedMessage,
  thrown: unknown,
): Work<T> {
  const outcome = failed(consumer, read, thrown);
  if (!isDeferral(thrown)) return ended(message, outcome);
  const { retryAfterSeconds } = thrown;
  return ended(message, { kind: "deferred", cause: "handler", retryAfterSeconds, why: outcome.reason.message });
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
