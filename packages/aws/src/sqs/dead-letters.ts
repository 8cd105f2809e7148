import { SendMessageCommand, type SendMessageCommandInput, type SQSClient } from "@aws-sdk/client-sqs";
import {
  type DeadLetters,
  deadLetters,
  ENVELOPE_ATTRIBUTE,
  envelopeAttribute,
  lineageOf,
  type ReceivedMessage,
  readEnvelope,
} from "@reliq/core";
import { toSqsAttributes } from "./attributes.ts";

/**
 * A way to a dead-letter queue: sends a message's body and attributes there as they came, its lineage and its queue in the envelope.
 * On FIFO it stays in its group, and a copy that is sent again within five minutes is there once. A message that has ten attributes already leaves no room for that: SQS refuses it, and it stays on its queue.
 */
export function sqsDeadLetters(client: SQSClient, deadLetterQueueUrl: string): DeadLetters {
  return deadLetters(async (message) => {
    const { messageId, queue } = message;
    const id = lineageOf(message);
    const envelope = envelopeAttribute({ v: 1, ...readEnvelope(message), id, via: "fail-fast", queue, messageId });
    await client.send(
      new SendMessageCommand({
        QueueUrl: deadLetterQueueUrl,
        MessageBody: message.body,
        MessageAttributes: toSqsAttributes({ ...message.attributes, [ENVELOPE_ATTRIBUTE]: envelope }),
        ...(message.groupId !== undefined && deadLetterQueueUrl.endsWith(".fifo") && fifoIdentity(message)),
      }),
    );
  });
}

function fifoIdentity({ groupId, messageId }: ReceivedMessage): Partial<SendMessageCommandInput> {
  return { MessageGroupId: groupId, MessageDeduplicationId: messageId };
}
