import type { MessageAttribute, ReceivedMessage } from "./received-message.ts";

/** The one message attribute that Reliq uses: SQS allows ten, and the others are the producer's. */
export const ENVELOPE_ATTRIBUTE = "Reliq";

/** What Reliq keeps with a message that it sends. */
export interface Envelope {
  readonly v: 1;
  /** The lineage: the message's first SQS id, kept when it gets a new one; of a message from an outbox, what its item gives. */
  readonly id?: string;
  /** How often Reliq has sent the message again, and how many of these were heals. @default 0 */
  readonly sends?: number;
  readonly heals?: number;
  /** The redrive or replay that sent it. */
  readonly run?: string;
  /** How the message came here. */
  readonly via?: "edit" | "fail-fast" | "heal" | "redrive" | "release" | "replay";
  /** Where a consumer sent the message to the dead-letter queue itself: the queue that it was on, and its id there. */
  readonly queue?: string;
  readonly messageId?: string;
  /** Its producer keeps a ledger: its consumer writes down by its lineage that it is processed. */
  readonly ledger?: true;
  /** Where the body is that was too large to send. */
  readonly s3?: S3Pointer;
  /** FIFO queues: the sequence number that the message had first, its place in its group; and which release of the group's quarantine sent it. */
  readonly place?: string;
  readonly release?: number;
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
    const read = JSON.parse(text) as { readonly [field: string]: unknown };
    const known = Object.entries(FIELDS).filter(([field]) => read[field] !== undefined);
    if (read["v"] !== 1 || !known.every(([field, fits]) => fits(read[field]))) return undefined;
    return { ...Object.fromEntries(known.map(([field]) => [field, read[field]])), v: 1 };
  } catch {
    return undefined;
  }
}

const FIELDS: Readonly<Record<Exclude<keyof Envelope, "v">, (value: unknown) => boolean>> = {
  id: isText,
  sends: isCount,
  heals: isCount,
  run: isText,
  via: isText,
  queue: isText,
  messageId: isText,
  ledger: (value) => value === true,
  s3: isPointer,
  place: isText,
  release: isCount,
};

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isPointer(value: unknown): value is S3Pointer {
  const { bucket, key } = (value ?? {}) as { [Field in keyof S3Pointer]?: unknown };
  return isText(bucket) && isText(key);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
