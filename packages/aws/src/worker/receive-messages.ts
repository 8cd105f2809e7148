import {
  type Message,
  type MessageSystemAttributeName,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { MessageAttribute, ReceivedMessage } from "@reliq/core";

/** The longest long poll, seconds: an empty queue then costs three requests a minute for each poller. */
const LONGEST_POLL_SECONDS = 20;

const SYSTEM_ATTRIBUTES: MessageSystemAttributeName[] = [
  "ApproximateReceiveCount",
  "SentTimestamp",
  "MessageGroupId",
  "SequenceNumber",
  "AWSTraceHeader",
];

/**
 * Makes what receives up to ten messages, and waits for them up to 20 seconds. Aborted, it throws; on AWS a message can then stay out of sight for its
 * visibility timeout. The middleware of the command is put together once (a `send` with an `abortSignal` does so each time): what is added to the
 * client later has no effect on receives.
 */
export function createReceive(
  client: SQSClient,
  queueUrl: string,
  abortSignal: AbortSignal,
): () => Promise<readonly ReceivedMessage[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: 10,
    WaitTimeSeconds: LONGEST_POLL_SECONDS,
    MessageAttributeNames: ["All"],
    MessageSystemAttributeNames: SYSTEM_ATTRIBUTES,
  });
  const send = command.resolveMiddleware(client.middlewareStack, client.config, { abortSignal });
  const queue = queueUrl.slice(queueUrl.lastIndexOf("/") + 1);
  return async () => {
    const { output } = await send(command);
    return (output.Messages ?? []).map((message) => toReceived(queue, message));
  };
}

function toReceived(queue: string, message: Message): ReceivedMessage {
  const { ApproximateReceiveCount, SentTimestamp, MessageGroupId, SequenceNumber, AWSTraceHeader } =
    message.Attributes ?? {};
  return {
    messageId: message.MessageId ?? "",
    queue,
    body: message.Body ?? "",
    attributes: toAttributes(message),
    receiveCount: Number(ApproximateReceiveCount ?? 1),
    sentAtMs: Number(SentTimestamp ?? 0),
    ...(message.ReceiptHandle !== undefined && { receiptHandle: message.ReceiptHandle }),
    ...(MessageGroupId !== undefined && { groupId: MessageGroupId }),
    ...(SequenceNumber !== undefined && { sequenceNumber: SequenceNumber }),
    ...(AWSTraceHeader !== undefined && { traceHeader: AWSTraceHeader }),
  };
}

function toAttributes({ MessageAttributes = {} }: Message): Record<string, MessageAttribute> {
  return Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { DataType = "", StringValue, BinaryValue }]) => [
      name,
      {
        dataType: DataType,
        ...(StringValue !== undefined && { stringValue: StringValue }),
        ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
      },
    ]),
  );
}
