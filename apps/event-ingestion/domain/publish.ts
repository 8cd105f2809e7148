import { createHash } from "node:crypto";
import type { Producer } from "@reliq/aws";
import {
  ENVELOPE_ATTRIBUTE,
  envelopeAttribute,
  LARGEST_BATCH_BYTES,
  messageBytes,
  type OutgoingMessage,
} from "@reliq/core";
import type { IngestedEvent } from "./event.ts";
import type { Accepted } from "./idempotency.ts";

/** The attribute that carries a request's correlation id to the worker. */
export const CORRELATION_ATTRIBUTE = "correlation_id";

/** Room for the attributes that Reliq and a trace add, bytes. */
const SPARE_BYTES = 8_192;

/** The message of an event, with the ids of its answer. What XML cannot hold is escaped, so that SQS takes whatever JSON can say. */
export function messageOf(event: IngestedEvent, { messageId, correlationId }: Accepted): OutgoingMessage {
  const body = JSON.stringify(event).replaceAll("\uFFFE", "\\ufffe").replaceAll("\uFFFF", "\\uffff");
  const attributes = {
    [CORRELATION_ATTRIBUTE]: { dataType: "String", stringValue: correlationId },
    [ENVELOPE_ATTRIBUTE]: envelopeAttribute({ v: 1, id: messageId }),
  };
  return { body, attributes };
}

/** Whether a queue takes the message. */
export function isTooLarge(message: OutgoingMessage): boolean {
  return messageBytes(message) > LARGEST_BATCH_BYTES - SPARE_BYTES;
}

/** Sends messages in as few batches as their number and sizes allow, and says of each why the queue does not have it for certain; undefined where it has. `copies` are more than one only to see that they have one effect. */
export async function publish(
  producer: Producer,
  messages: readonly OutgoingMessage[],
  copies = 1,
): Promise<readonly (string | undefined)[]> {
  const { sent, failed } = await producer.trySend(Array.from({ length: copies }, () => messages).flat());
  const ends = new Map<number, string | undefined>();
  for (const { index } of sent) ends.set(index, undefined);
  for (const { index, code, message } of failed) ends.set(index, `${code}: ${message}`);
  return messages.map((_, index) => (ends.has(index) ? ends.get(index) : "nothing is known of it"));
}

/** A fingerprint of a value that does not depend on the order of its fields. */
export function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value, sortFields)).digest("base64url");
}

function sortFields(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
