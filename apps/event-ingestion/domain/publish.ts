import { createHash } from "node:crypto";
import type { Producer } from "@reliq/aws";
import { LARGEST_BATCH_BYTES, messageBytes, type OutgoingMessage } from "@reliq/core";
import type { IngestedEvent } from "./event.ts";

/** The attribute that carries a request's correlation id to the worker. */
export const CORRELATION_ATTRIBUTE = "correlation_id";

/** Room for the attributes that Reliq and a trace add, bytes. */
const SPARE_BYTES = 8_192;

/** What became of each event, by its place: the message's id, or why the queue does not have it for certain. */
export type Published = { readonly messageId: string } | { readonly refused: string };

/** The message of an event. What XML cannot hold is escaped, so that SQS takes whatever JSON can say. */
export function messageOf(event: IngestedEvent, correlationId: string): OutgoingMessage {
  const body = JSON.stringify(event).replaceAll("\uFFFE", "\\ufffe").replaceAll("\uFFFF", "\\uffff");
  return { body, attributes: { [CORRELATION_ATTRIBUTE]: { dataType: "String", stringValue: correlationId } } };
}

/** Whether a queue takes the message. */
export function isTooLarge(message: OutgoingMessage): boolean {
  return messageBytes(message) > LARGEST_BATCH_BYTES - SPARE_BYTES;
}

/** Sends messages in as few batches as their number and sizes allow, and says of each what became of it; what is named, the queue has. `copies` are more than one only to see that they have one effect. */
export async function publish(
  producer: Producer,
  messages: readonly OutgoingMessage[],
  copies = 1,
): Promise<readonly Published[]> {
  const { sent, failed } = await producer.trySend(Array.from({ length: copies }, () => messages).flat());
  const ends = new Map<number, Published>();
  for (const { index, messageId } of sent) ends.set(index, { messageId });
  for (const { index, code, message } of failed) ends.set(index, { refused: `${code}: ${message}` });
  return messages.map((_, index) => ends.get(index) ?? { refused: "nothing is known of it" });
}

/** A fingerprint of a value that does not depend on the order of its fields. */
export function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value, sortFields)).digest("base64url");
}

function sortFields(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
