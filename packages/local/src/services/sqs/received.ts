import type { Members, World } from "../../kernel/service.ts";
import { invalidParameter } from "./errors.ts";
import { texts } from "./input.ts";
import type { MessageRow } from "./message.ts";
import { sequenceNumber } from "./message.ts";
import { attributesMd5, type MessageAttributes, selectAttributes } from "./message-attributes.ts";
import { queueArn } from "./queue.ts";
import { receiptHandle } from "./receipt.ts";

/** The attributes of a message that a receive can ask for (ReceiveMessage, MessageSystemAttributeNames). */
const SYSTEM_ATTRIBUTES: Readonly<Record<string, (world: World, row: MessageRow) => string | null>> = {
  SenderId: (world) => world.accountId,
  SentTimestamp: (_, row) => String(row.sentAt),
  ApproximateReceiveCount: (_, row) => String(row.receiveCount),
  ApproximateFirstReceiveTimestamp: (_, row) => (row.firstReceivedAt === null ? null : String(row.firstReceivedAt)),
  MessageGroupId: (_, row) => row.groupId,
  MessageDeduplicationId: (_, row) => row.deduplicationId,
  SequenceNumber: (_, row) => (row.deduplicationId === null ? null : sequenceNumber(row.seq)),
  AWSTraceHeader: (_, row) => row.traceHeader,
  DeadLetterQueueSourceArn: (world, row) => row.deadLetterSource && queueArn(world, row.deadLetterSource),
};

/** What a receive wants to see of each message. */
export interface View {
  readonly systemNames: readonly string[];
  readonly names: readonly string[];
}

/** @throws InvalidParameterValue for a system attribute that does not exist */
export function readView(input: Members): View {
  const systemNames = [...texts(input, "AttributeNames"), ...texts(input, "MessageSystemAttributeNames")];
  for (const name of systemNames) {
    if (name !== "All" && !(name in SYSTEM_ATTRIBUTES)) {
      throw invalidParameter(`Unknown Attribute ${name}.`);
    }
  }
  return { systemNames, names: texts(input, "MessageAttributeNames") };
}

/** A message as its receiver sees it. */
export function receivedMessage(world: World, row: MessageRow, view: View): Members {
  const all = row.attributes === null ? {} : (JSON.parse(row.attributes) as MessageAttributes);
  const selected = row.attributes === null ? undefined : selectAttributes(all, view.names);
  return {
    MessageId: row.messageId,
    ReceiptHandle: receiptHandle(row),
    MD5OfBody: row.bodyMd5,
    Body: row.body,
    ...(view.systemNames.length > 0 && { Attributes: systemAttributes(world, row, view.systemNames) }),
    ...(selected && { MD5OfMessageAttributes: attributesMd5(selected), MessageAttributes: selected }),
  };
}

/** The system attributes of a message, those that it has. */
export function systemAttributes(
  world: World,
  row: MessageRow,
  names: readonly string[] = ["All"],
): Record<string, string> {
  const wanted = names.includes("All") ? Object.keys(SYSTEM_ATTRIBUTES) : names;
  const attributes: Record<string, string> = {};
  for (const name of wanted) {
    const value = SYSTEM_ATTRIBUTES[name]?.(world, row) ?? null;
    if (value !== null) attributes[name] = value;
  }
  return attributes;
}
