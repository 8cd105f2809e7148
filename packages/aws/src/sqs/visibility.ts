import {
  ChangeMessageVisibilityBatchCommand,
  type ChangeMessageVisibilityBatchRequestEntry,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { chunks, type Visibility } from "@reliq/core";

/** The most entries of one ChangeMessageVisibilityBatch (SQS API reference). */
const MOST_ENTRIES = 10;

/** How often an entry is tried that the service failed by its own fault. */
const MOST_TRIES = 3;

/**
 * Changes the visibility of one queue's messages, ten in one request and the requests side by side. A message that the service
 * refuses, or that has no receipt handle, comes back by its visibility timeout.
 * `change` throws where a whole request fails, after the SDK's own retries and when the other requests have ended.
 */
export function sqsVisibility(client: SQSClient, queueUrl: string): Visibility {
  return {
    change: async (changes) => {
      const entries = changes.flatMap(({ message: { receiptHandle }, afterSeconds }, index) =>
        receiptHandle === undefined
          ? []
          : [{ Id: String(index), ReceiptHandle: receiptHandle, VisibilityTimeout: afterSeconds }],
      );
      const requests = chunks(entries, MOST_ENTRIES).map((batch) => changeBatch(client, queueUrl, batch));
      const ended = await Promise.allSettled(requests);
      const rejected = ended.find((each) => each.status === "rejected");
      if (rejected) throw rejected.reason;
    },
  };
}

async function changeBatch(
  client: SQSClient,
  QueueUrl: string,
  entries: readonly ChangeMessageVisibilityBatchRequestEntry[],
): Promise<void> {
  let left = [...entries];
  for (let tries = 1; left.length > 0 && tries <= MOST_TRIES; tries++) {
    const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries: left });
    const { Failed = [] } = await client.send(command);
    const again = new Set(Failed.filter(({ SenderFault }) => SenderFault === false).map(({ Id }) => Id));
    left = left.filter(({ Id }) => again.has(Id));
  }
}
