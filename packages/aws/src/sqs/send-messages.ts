import { type BatchResultErrorEntry, SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { type OutgoingMessage, packBatches } from "@reliq/core";
import { toSqsAttributes } from "./attributes.ts";

/** What became of each message, by its index in what was given. */
export interface SendReport {
  readonly sent: readonly { readonly index: number; readonly messageId: string }[];
  readonly failed: readonly { readonly index: number; readonly code: string; readonly message: string }[];
}

/** How often an entry is tried that the service failed by its own fault. */
const MOST_TRIES = 3;

/**
 * Sends messages in as few requests as the limits allow. Entries that the service failed by its own fault are tried again;
 * entries that it refused are reported. A request whose answer was lost is repeated by the SDK: standard queues can then hold a message twice.
 * @throws what the SDK throws when a whole request fails; earlier batches are sent then.
 */
export async function sendMessages(
  client: SQSClient,
  queueUrl: string,
  messages: readonly OutgoingMessage[],
): Promise<SendReport> {
  const sent: { index: number; messageId: string }[] = [];
  const failed: { index: number; code: string; message: string }[] = [];
  for (const batch of packBatches(messages)) {
    let left: readonly number[] = batch;
    for (let tries = 1; left.length > 0; tries++) {
      const answer = await sendBatch(client, queueUrl, messages, left);
      for (const { Id, MessageId = "" } of answer.sent) sent.push({ index: Number(Id), messageId: MessageId });
      const retried = answer.failed.filter((entry) => !entry.SenderFault && tries < MOST_TRIES);
      for (const entry of answer.failed.filter((each) => !retried.includes(each))) {
        failed.push({ index: Number(entry.Id), code: entry.Code ?? "unknown", message: entry.Message ?? "" });
      }
      left = retried.map((entry) => Number(entry.Id));
    }
  }
  return { sent, failed };
}

async function sendBatch(
  client: SQSClient,
  queueUrl: string,
  messages: readonly OutgoingMessage[],
  indexes: readonly number[],
): Promise<{ sent: { Id?: string | undefined; MessageId?: string | undefined }[]; failed: BatchResultErrorEntry[] }> {
  const Entries = indexes.map((index) => ({
    Id: String(index),
    MessageBody: messages[index]?.body ?? "",
    MessageAttributes: toSqsAttributes(messages[index]?.attributes ?? {}),
  }));
  const { Successful = [], Failed = [] } = await client.send(
    new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }),
  );
  return { sent: Successful, failed: Failed };
}
