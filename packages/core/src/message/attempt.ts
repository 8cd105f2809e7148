import { type FailureReason, failureReason } from "../classify/failure-reason.ts";
import type { Consumer } from "../consumer.ts";
import { redactText } from "../redact/redact.ts";
import { parseMessage } from "./parse-message.ts";
import type { ReceivedMessage } from "./received-message.ts";

/** How an attempt on a message ended. */
export type Outcome =
  | { readonly kind: "processed" }
  | { readonly kind: "failed"; readonly reason: FailureReason }
  /** The dead-letter queue has it; the source queue must let go of it. */
  | { readonly kind: "dead-lettered"; readonly reason: FailureReason };

/** Parses a message and calls the consumer's handler once; never throws. */
export async function attempt<T>(
  consumer: Consumer<T>,
  message: ReceivedMessage,
  signal: AbortSignal,
): Promise<Exclude<Outcome, { kind: "dead-lettered" }>> {
  try {
    const body = await parseMessage(consumer.schema, message);
    await callHandler(consumer, body, message, signal);
    return { kind: "processed" };
  } catch (thrown) {
    return { kind: "failed", reason: failureReason(thrown, redactText(consumer.personalFields)) };
  }
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
