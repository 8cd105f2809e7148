import type { MessageAttribute, ReceivedMessage } from "./received-message.ts";

/** The one message attribute that Reliq uses: SQS allows ten, and the others are the producer's. */
export const ENVELOPE_ATTRIBUTE = "Reliq";

/** What Reliq keeps with a message that it sends on. */
export interface Envelope {
  readonly v: 1;
  /** The lineage: the message's first SQS id, kept when it gets a new one. */
  readonly id: string;
  /** How the message came here. */
  readonly via?: "fail-fast";
}

/** The lineage of a message: what its envelope says, else its own id. */
export function lineageOf({ messageId, attributes }: Pick<ReceivedMessage, "attributes" | "messageId">): string {
  return readEnvelope(attributes[ENVELOPE_ATTRIBUTE]?.stringValue)?.id ?? messageId;
}

/** Writes an envelope as a message attribute. */
export function envelopeAttribute(envelope: Envelope): MessageAttribute {
  return { dataType: "String", stringValue: JSON.stringify(envelope) };
}

/** An envelope that somebody else wrote, or damaged, is as good as none. */
function readEnvelope(text: string | undefined): Envelope | undefined {
  if (text === undefined) return undefined;
  try {
    const { v, id } = JSON.parse(text) as Partial<Envelope>;
    return v === 1 && typeof id === "string" && id !== "" ? { v, id } : undefined;
  } catch {
    return undefined;
  }
}
