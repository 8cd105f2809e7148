import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from "@aws-sdk/client-sqs";
import { type OutgoingMessage, packBatches } from "@reliq/core";
import { toSqsAttributes } from "./attributes.ts";

interface Sent {
  readonly index: number;
  readonly messageId: string;
}

/** A message that was not sent, and why. */
export interface NotSent {
  readonly index: number;
  /** The service's error code, or one of Reliq's. */
  readonly code: string;
  readonly message: string;
  /** The answer was lost, or there was none: the queue may have it all the same. @default it was refused, or not tried */
  readonly mayBeSent?: true;
}

/** What became of each message, by its index in what was given: each is in exactly one of the two lists. */
export interface SendReport {
  readonly sent: readonly Sent[];
  /** Refused, or in a request that failed as a whole; where that request's answer was lost, the queue can have them all the same. */
  readonly failed: readonly NotSent[];
}

/** How often an entry is tried that the service failed by its own fault. */
const MOST_TRIES = 3;

/**
 * Sends messages in as few requests as the limits allow, and reports what became of each; never throws. Entries that the
 * service failed by its own fault are tried again; what it refused is reported, and so is a request that failed as a whole,
 * after the SDK's own retries. A retry after a lost answer can leave a message twice on a standard queue. On a FIFO queue
 * no batch overtakes: once a message of a group is not sent, those of later batches are not either. Messages that are in
 * `notSent` already are not sent.
 */
export async function sendMessages(
  client: SQSClient,
  queueUrl: string,
  messages: readonly OutgoingMessage[],
  notSent: readonly NotSent[] = [],
): Promise<SendReport> {
  const sent: Sent[] = [];
  const failed: NotSent[] = [...notSent];
  const isFifo = queueUrl.endsWith(".fifo");
  for (const batch of packBatches(messages)) {
    const behind = isFifo ? behindFailed(messages, batch, failed) : [];
    failed.push(...behind);
    const out = new Set(failed.map(({ index }) => index));
    let left = batch.filter((index) => !out.has(index));
    for (let tries = 1; left.length > 0; tries++) {
      const answer = await sendBatch(client, queueUrl, messages, left);
      sent.push(...answer.sent);
      const again = tries < MOST_TRIES ? answer.failed.filter(({ retryable }) => retryable) : [];
      const final = answer.failed.filter((entry) => !again.includes(entry));
      failed.push(...final.map(({ retryable: _, ...entry }) => entry));
      left = again.map(({ index }) => index);
    }
  }
  return { sent, failed };
}

/** The messages of a batch that one of their group, before them, keeps back. */
function behindFailed(
  messages: readonly OutgoingMessage[],
  batch: readonly number[],
  failed: readonly NotSent[],
): readonly NotSent[] {
  const firstOf = new Map<string | undefined, number>();
  for (const { index } of failed) {
    const group = messages[index]?.groupId;
    firstOf.set(group, Math.min(index, firstOf.get(group) ?? index));
  }
  return batch.flatMap((index) => {
    const first = firstOf.get(messages[index]?.groupId);
    if (first === undefined || first >= index || failed.some((each) => each.index === index)) return [];
    return [{ index, code: "behind-failed", message: `The message ${first} of its group was not sent.` }];
  });
}

interface BatchAnswer {
  readonly sent: readonly Sent[];
  readonly failed: readonly (NotSent & { readonly retryable: boolean })[];
}

async function sendBatch(
  client: SQSClient,
  queueUrl: string,
  messages: readonly OutgoingMessage[],
  indexes: readonly number[],
): Promise<BatchAnswer> {
  const Entries = indexes.map((index) => entryOf(index, messages[index] as OutgoingMessage));
  try {
    const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    return {
      sent: (answer.Successful ?? []).map(({ Id, MessageId = "" }) => ({ index: Number(Id), messageId: MessageId })),
      failed: (answer.Failed ?? []).map(({ Id, Code = "unknown", Message = "", SenderFault }) => ({
        index: Number(Id),
        code: Code,
        message: Message,
        retryable: SenderFault === false,
      })),
    };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const end = { code: name, message, retryable: false, ...(isRefusal(error) ? {} : { mayBeSent: true as const }) };
    return { sent: [], failed: indexes.map((index) => ({ index, ...end })) };
  }
}

/** An answer that says that the request was wrong: nothing of it was taken. */
function isRefusal(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode ?? 0;
  return status >= 400 && status < 500;
}

function entryOf(
  index: number,
  { body, attributes = {}, groupId, deduplicationId, delaySeconds }: OutgoingMessage,
): SendMessageBatchRequestEntry {
  return {
    Id: String(index),
    MessageBody: body,
    MessageAttributes: toSqsAttributes(attributes),
    MessageGroupId: groupId,
    MessageDeduplicationId: deduplicationId,
    DelaySeconds: delaySeconds,
  };
}
