import type { MessageAttribute, ReceivedMessage } from "@reliq/core";
import type { SQSMessageAttribute, SQSMessageAttributes, SQSRecord } from "aws-lambda";

/** A record of Lambda's SQS event as a received message. */
export function receivedMessage(record: SQSRecord): ReceivedMessage {
  const { ApproximateReceiveCount, SentTimestamp, MessageGroupId, SequenceNumber, AWSTraceHeader } = record.attributes;
  return {
    messageId: record.messageId,
    queue: record.eventSourceARN.slice(record.eventSourceARN.lastIndexOf(":") + 1),
    body: record.body,
    attributes: messageAttributes(record.messageAttributes),
    receiveCount: Number(ApproximateReceiveCount),
    sentAtMs: Number(SentTimestamp),
    receiptHandle: record.receiptHandle,
    groupId: MessageGroupId,
    sequenceNumber: SequenceNumber,
    traceHeader: AWSTraceHeader,
  };
}

function messageAttributes(attributes: SQSMessageAttributes): Record<string, MessageAttribute> {
  const names = Object.keys(attributes);
  // Most messages have none.
  return names.length === 0 ? {} : Object.fromEntries(names.map((name) => [name, messageAttribute(attributes[name])]));
}

function messageAttribute(attribute: SQSMessageAttribute | undefined): MessageAttribute {
  const { dataType = "", stringValue, binaryValue } = attribute ?? {};
  return {
    dataType,
    ...(stringValue !== undefined && stringValue !== null && { stringValue }),
    ...(binaryValue && { binaryValue: Buffer.from(binaryValue, "base64") }),
  };
}
