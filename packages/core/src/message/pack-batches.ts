import type { MessageAttribute } from "./received-message.ts";

/** A message to send. */
export interface OutgoingMessage {
  /** Any text that XML can hold; with its attributes at most 1,048,576 bytes of UTF-8. */
  readonly body: string;
  /** At most ten, of which Reliq takes one where it has something to say. @default {} */
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
  /** The message group: needed on FIFO queues; on standard queues it makes shares fair. */
  readonly groupId?: string;
  /** FIFO queues: for 5 minutes, messages with one id are one message. */
  readonly deduplicationId?: string;
  /** Standard queues: when the message becomes visible, 0 to 900 from now. @default the queue's delay */
  readonly delaySeconds?: number;
}

/** The most entries in one SendMessageBatch (SQS developer guide, "Amazon SQS message quotas"). */
const MOST_ENTRIES = 10;

/** The most bytes in one message, and in one SendMessageBatch together: 1 MiB (same source). */
export const LARGEST_BATCH_BYTES = 1_048_576;

/**
 * Splits messages into batches that SQS takes, in order, each as full as its limits allow. Messages are named by their index.
 * A message that is too large on its own gets a batch of its own, which SQS refuses by name.
 */
export function packBatches(messages: readonly OutgoingMessage[]): readonly (readonly number[])[] {
  const batches: number[][] = [];
  let batchBytes = Number.POSITIVE_INFINITY;
  for (const [index, message] of messages.entries()) {
    const bytes = messageBytes(message);
    const last = batches.at(-1);
    if (last === undefined || last.length === MOST_ENTRIES || batchBytes + bytes > LARGEST_BATCH_BYTES) {
      batches.push([index]);
      batchBytes = bytes;
    } else {
      last.push(index);
      batchBytes += bytes;
    }
  }
  return batches;
}

/** What SQS counts of a message: the body, and each attribute's name, type and value, in bytes. */
export function messageBytes({ body, attributes = {} }: OutgoingMessage): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { dataType, stringValue = "", binaryValue }]) =>
      sum + utf8Bytes(name) + utf8Bytes(dataType) + utf8Bytes(stringValue) + (binaryValue?.byteLength ?? 0),
    utf8Bytes(body),
  );
}

function utf8Bytes(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    const surrogate = unit >= 0xd800 && unit <= 0xdfff;
    bytes += unit < 0x80 ? 1 : unit < 0x800 || surrogate ? 2 : 3;
  }
  return bytes;
}
