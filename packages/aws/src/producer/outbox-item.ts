import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { ENVELOPE_ATTRIBUTE, type MessageAttribute, type OutgoingMessage, PermanentFailure } from "@reliq/core";

/**
 * The attributes of an item that is a message to be sent: spread them into the item of a Put, beside its key and its TTL, in the
 * transaction that makes the message true. `outboxHandler` sends it. An item holds at most 400 KB.
 */
export function outboxItem(message: OutgoingMessage): Record<string, AttributeValue> {
  return marshall({ [ENVELOPE_ATTRIBUTE]: { v: 1, ...message } }, { removeUndefinedValues: true });
}

/**
 * The message that `outboxItem` wrote, from an item as a stream gives it; undefined for an item that has none.
 * @throws PermanentFailure for one that somebody else wrote, or damaged.
 */
export function readOutboxItem(item: Readonly<Record<string, unknown>>): OutgoingMessage | undefined {
  const written = item[ENVELOPE_ATTRIBUTE] as ({ v?: unknown } & Partial<OutgoingMessage>) | undefined;
  if (written === undefined) return undefined;
  const { v, ...message } = written ?? {};
  if (v !== 1 || typeof message.body !== "string") {
    throw new PermanentFailure(`The attribute ${ENVELOPE_ATTRIBUTE} of the item is not what outboxItem() writes.`);
  }
  return { ...message, body: message.body, attributes: readAttributes(message.attributes) };
}

/** A stream gives binary values as base64. */
function readAttributes(attributes: OutgoingMessage["attributes"] = {}): Record<string, MessageAttribute> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => {
      const binary: unknown = attribute.binaryValue;
      return [
        name,
        typeof binary === "string" ? { ...attribute, binaryValue: Buffer.from(binary, "base64") } : attribute,
      ];
    }),
  );
}
