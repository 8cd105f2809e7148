import { setTimeout as wait } from "node:timers/promises";
import { DeleteMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { LogLine, ReceivedMessage } from "@reliq/core";
import { aboutMessage, chunks } from "@reliq/core";

/** The most entries in one DeleteMessageBatch. */
const MOST_ENTRIES = 10;

/** How often an entry is tried; the last wait is up to 800 ms. */
const MOST_TRIES = 4;

/**
 * Deletes messages in as few requests as the limits allow, and tries rejected entries again. What stays is logged: it comes
 * back, and is recognised as a duplicate where the consumer has keys. Never throws.
 */
export async function deleteMessages(
  client: SQSClient,
  queueUrl: string,
  messages: readonly ReceivedMessage[],
  log: (line: LogLine) => void,
): Promise<void> {
  await Promise.all(chunks(messages, MOST_ENTRIES).map((batch) => deleteBatch(client, queueUrl, batch, log)));
}

async function deleteBatch(
  client: SQSClient,
  queueUrl: string,
  batch: readonly ReceivedMessage[],
  log: (line: LogLine) => void,
): Promise<void> {
  let left = batch;
  for (let tries = 1; ; tries++) {
    const { rejected, error } = await tryDelete(client, queueUrl, left);
    left = rejected;
    if (left.length === 0) return;
    if (tries === MOST_TRIES) {
      for (const message of left) {
        log({ level: "error", event: "delete-failed", ...aboutMessage(message), error });
      }
      return;
    }
    await wait(Math.random() * 100 * 2 ** tries);
  }
}

async function tryDelete(
  client: SQSClient,
  QueueUrl: string,
  messages: readonly ReceivedMessage[],
): Promise<{ rejected: readonly ReceivedMessage[]; error?: string }> {
  const Entries = messages.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
  try {
    const { Failed = [] } = await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    const rejected = Failed.flatMap(({ Id }) => messages[Number(Id)] ?? []);
    return { rejected, error: Failed.map(({ Code, Message }) => `${Code}: ${Message}`).join("; ") };
  } catch (error) {
    return { rejected: messages, error: String(error) };
  }
}
