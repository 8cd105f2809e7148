import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import { Failure } from "../errors.ts";
import { handlerLog } from "../log/handler-log.ts";
import { notProcessed } from "../message/not-processed.ts";
import type { Outcome } from "../message/outcome.ts";
import type { ReceivedMessage } from "../message/received-message.ts";
import { ended, type Stage, type Work } from "../message/work.ts";
import type { ConsumePorts } from "../ports.ts";
import { untilAborted } from "../until-aborted.ts";

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
  const go = (): Promise<Work<T>> | Work<T> => attemptNow(consumer, delivery, message, stage, ports);
  return ports.inTurn ? ports.inTurn(message, go) : go();
}

/** Without `async`: what that keeps of a call is dearer than a short handler. */
function attemptNow<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  message: ReceivedMessage,
  stage: Ready<T>,
  ports: ConsumePorts,
): Promise<Work<T>> | Work<T> {
  if (delivery.signal.aborted) return ended(message, { kind: "deferred", cause: "out-of-time" });
  const limit = ports.timeLimit(consumer.timeoutSeconds, delivery.signal);
  const call = (): unknown => callHandler(consumer, stage.body, stage.read, limit.signal, ports);
  return untilAborted(call, limit.signal, outOfTime).then(
    (result) => {
      limit.end();
      // checkPath has refused a transactional effect without the port.
      if (consumer.effect !== "transactional" || !ports.effects)
        return ended<T>(message, PROCESSED, stage.claim, result);
      return ports.effects
        .commit(consumer, delivery, { message, stage }, result, ports)
        .catch((thrown: unknown) => notProcessed(consumer, message, stage.read, thrown));
    },
    (thrown) => {
      // A handler whose time was over may be at work still: its claim stays leased.
      const claim = limit.signal.aborted ? undefined : stage.claim;
      limit.end();
      return notProcessed(consumer, message, stage.read, thrown, claim);
    },
  );
}

/** Its name ends the part of a stack that takes part in the fingerprint. */
function callHandler<T>(
  consumer: Consumer<T>,
  body: T,
  message: ReceivedMessage,
  signal: AbortSignal,
  ports: ConsumePorts,
): unknown {
  const { messageId, queue, attributes, receiveCount, groupId, sequenceNumber, traceHeader } = message;
  return consumer.handle(body, {
    messageId,
    queue,
    attributes,
    receiveCount,
    groupId,
    sequenceNumber,
    traceHeader,
    signal,
    log: handlerLog(consumer, message, ports),
  });
}

/** Without a stack: it would show where Reliq waited, not where the handler was. */
function outOfTime(): Failure {
  const failure = new Failure("timeout", "The handler had not ended when the time for this message was over.");
  failure.stack = "";
  return failure;
}
