import type { MessageAttribute, ReceivedMessage } from "./received-message.ts";

/** The one message attribute that Reliq uses: SQS allows ten, and the others are the producer's. */
export const ENVELOPE_ATTRIBUTE = "Reliq";

/** What Reliq keeps with a message that it sends. */
export interface Envelope {
  readonly v: 1;
  /** The lineage: the message's first SQS id, kept when it gets a new one; of a message from an outbox, what its item gives. */
  readonly id?: string;
  /** How the message came here. */
  readonly via?: "fail-fast";
  /** Where the body is that was too large to send. */
  readonly s3?: S3Pointer;
}

/** Names an object in S3. */
export interface S3Pointer {
  readonly bucket: string;
  readonly key: string;
}

/** The lineage of a message: what its envelope says, else its own id. */
export function lineageOf(message: Pick<ReceivedMessage, "attributes" | "messageId">): string {
  return readEnvelope(message)?.id ?? message.messageId;
}

/** Writes an envelope as a message attribute. */
export function envelopeAttribute(envelope: Envelope): MessageAttribute {
  return { dataType: "String", stringValue: JSON.stringify(envelope) };
}

/** The envelope of a message; one that somebody else wrote, or damaged, is as good as none. */
export function readEnvelope({ attributes }: Pick<ReceivedMessage, "attributes">): Envelope | undefined {
  const text = attributes[ENVELOPE_ATTRIBUTE]?.stringValue;
  if (text === undefined) return undefined;
  try {
    const { v, id, s3 } = JSON.parse(text) as { [Field in keyof Envelope]?: unknown };
    if (v !== 1 || (id !== undefined && !isText(id)) || (s3 !== undefined && !isPointer(s3))) return undefined;
    return { v, ...(id !== undefined && { id }), ...(s3 !== undefined && { s3 }) };
  } catch {
    return undefined;
  }
}

function isPointer(value: unknown): value is S3Pointer {
  const { bucket, key } = (value ?? {}) as { [Field in keyof S3Pointer]?: unknown };
  return isText(bucket) && isText(key);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
