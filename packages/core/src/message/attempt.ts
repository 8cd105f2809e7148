import { type FailureReason, failureReason } from "../classify/failure-reason.ts";
import type { Consumer } from "../consumer.ts";
import { Failure } from "../errors.ts";
import { personalValues } from "../redact/personal-values.ts";
import { redactText } from "../redact/redact-text.ts";
import { untilAborted } from "../until-aborted.ts";
import { parseMessage } from "./parse-message.ts";
import type { ReceivedMessage } from "./received-message.ts";

/** How an attempt on a message ended. */
export type Outcome =
  | { readonly kind: "processed" }
  | { readonly kind: "failed"; readonly reason: FailureReason }
  /** The dead-letter queue has it; the source queue must let go of it. */
  | { readonly kind: "dead-lettered"; readonly reason: FailureReason };

/**
 * Parses a message and calls the consumer's handler once; never throws. A handler that has not ended when the signal is
 * aborted has failed: waiting on would cost its batch mates their own outcomes.
 */
export async function attempt<T>(
  consumer: Consumer<T>,
  message: ReceivedMessage,
  signal: AbortSignal,
): Promise<Exclude<Outcome, { kind: "dead-lettered" }>> {
  try {
    await untilAborted(() => handleMessage(consumer, message, signal), signal, outOfTime);
    return { kind: "processed" };
  } catch (thrown) {
    const fields = consumer.personalFields;
    return { kind: "failed", reason: failureReason(thrown, redactText(fields, personalValues(message, fields))) };
  }
}

async function handleMessage<T>(consumer: Consumer<T>, message: ReceivedMessage, signal: AbortSignal): Promise<void> {
  const body = await parseMessage(consumer.schema, message);
  await callHandler(consumer, body, message, signal);
}

/** Its name ends the part of a stack that takes part in the fingerprint. */
async function callHandler<T>(
  consumer: Consumer<T>,
  body: T,
  message: ReceivedMessage,
  signal: AbortSignal,
): Promise<void> {
  const { messageId, queue, attributes, receiveCount } = message;
  await consumer.handle(body, { messageId, queue, attributes, receiveCount, signal });
}

/** Without a stack: it would show where Reliq waited, not where the handler was. */
function outOfTime(): Failure {
  const failure = new Failure("timeout", "The handler had not ended when the time for this message was over.");
  failure.stack = "";
  return failure;
}
