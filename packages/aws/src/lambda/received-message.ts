import type { MessageAttribute, ReceivedMessage } from "@reliq/core";
import type { SQSMessageAttributes, SQSRecord } from "aws-lambda";

/** A record of Lambda's SQS event as a received message. */
export function receivedMessage(record: SQSRecord): ReceivedMessage {
  const { ApproximateReceiveCount, SentTimestamp, MessageGroupId, SequenceNumber } = record.attributes;
  return {
    messageId: record.messageId,
    queue: record.eventSourceARN.slice(record.eventSourceARN.lastIndexOf(":") + 1),
    body: record.body,
    attributes: messageAttributes(record.messageAttributes),
    receiveCount: Number(ApproximateReceiveCount),
    sentAtMs: Number(SentTimestamp),
    receiptHandle: record.receiptHandle,
    ...(MessageGroupId !== undefined && { groupId: MessageGroupId }),
    ...(SequenceNumber !== undefined && { sequenceNumber: SequenceNumber }),
  };
}

function messageAttributes(attributes: SQSMessageAttributes): Record<string, MessageAttribute> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { dataType, stringValue, binaryValue }]) => [
      name,
      {
        dataType,
        ...(stringValue !== undefined && stringValue !== null && { stringValue }),
        ...(binaryValue && { binaryValue: Buffer.from(binaryValue, "base64") }),
      },
    ]),
  );
}
