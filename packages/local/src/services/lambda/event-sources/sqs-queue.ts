import type { World } from "../../../kernel/service.ts";
import type { ReceivedMessage } from "./sqs-event.ts";

/** What an event source does with its queue, as any client of SQS would. */
export interface SourceQueue {
  /** Up to ten messages; waits until there are some, the time is over or the signal is aborted. */
  receive(most: number, waitSeconds: number, signal: AbortSignal): Promise<readonly ReceivedMessage[]>;
  /** Deletes messages, and returns how many could not be: they come again. */
  remove(messages: readonly ReceivedMessage[]): Promise<number>;
  visibilitySeconds(): Promise<number>;
}

/** The most messages of one request (SQS quotas). */
export const MOST_IN_REQUEST = 10;

/** @throws ServiceError QueueDoesNotExist */
export async function openQueue(world: World, queueArn: string): Promise<SourceQueue> {
  const { QueueUrl } = await world.call("sqs", "GetQueueUrl", { QueueName: queueArn.split(":").at(-1) });
  return {
    receive: async (most, waitSeconds, signal) => {
      const input = {
        QueueUrl,
        MaxNumberOfMessages: most,
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      };
      const { Messages } = await world.call("sqs", "ReceiveMessage", input, signal);
      return (Messages ?? []) as ReceivedMessage[];
    },
    remove: async (messages) => {
      let left = 0;
      for (let at = 0; at < messages.length; at += MOST_IN_REQUEST) {
        const part = messages.slice(at, at + MOST_IN_REQUEST);
        const Entries = part.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        const { Failed } = await world.call("sqs", "DeleteMessageBatch", { QueueUrl, Entries });
        left += ((Failed ?? []) as unknown[]).length;
      }
      return left;
    },
    visibilitySeconds: async () => {
      const { Attributes } = await world.call("sqs", "GetQueueAttributes", {
        QueueUrl,
        AttributeNames: ["VisibilityTimeout"],
      });
      return Number((Attributes as Record<string, string>)["VisibilityTimeout"]);
    },
  };
}
