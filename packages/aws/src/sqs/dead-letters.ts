import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { DeadLetters } from "@reliq/core";
import { toSqsAttributes } from "./attributes.ts";

/** A way to a dead-letter queue: sends a message's body and attributes there as they came. */
export function sqsDeadLetters(client: SQSClient, deadLetterQueueUrl: string): DeadLetters {
  return {
    send: async ({ body, attributes }) => {
      await client.send(
        new SendMessageCommand({
          QueueUrl: deadLetterQueueUrl,
          MessageBody: body,
          MessageAttributes: toSqsAttributes(attributes),
        }),
      );
    },
  };
}
