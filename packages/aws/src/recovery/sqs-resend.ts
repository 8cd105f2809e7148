import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { ENVELOPE_ATTRIBUTE, envelopeAttribute, type OutgoingMessage, ReliqError } from "@reliq/core";
import type { ReleasedMessage, Resend, ResentMessage } from "@reliq/core/recovery";
import { toSqsAttributes } from "../sqs/attributes.ts";
import { sendMessages } from "../sqs/send-messages.ts";
import type { RecoveredQueue } from "./recovered-queue.ts";

/**
 * The way back to the queues that recovery serves. On FIFO a message keeps its group and gets a deduplication id of its lineage
 * and how often it was sent, so that a redriven message is not swallowed and a repeated send is.
 */
export function sqsResend(client: SQSClient, queues: readonly RecoveredQueue[]): Resend {
  return {
    send: async (messages) => {
      const ends = new Map<ResentMessage, { messageId: string } | { error: unknown }>();
      for (const [name, ofQueue] of Map.groupBy(messages, ({ failure }) => failure.queue)) {
        const queue = queues.find((each) => each.name === name);
        if (queue) await sendTo(client, queue, ofQueue, ends);
        else for (const message of ofQueue) ends.set(message, { error: notServed(name) });
      }
      return messages.map((message) => ends.get(message) ?? { error: notServed(message.failure.queue) });
    },
    release: (messages) => releaseInOrder(client, queues, messages),
  };
}

async function sendTo(
  client: SQSClient,
  { url }: RecoveredQueue,
  messages: readonly ResentMessage[],
  ends: Map<ResentMessage, { messageId: string } | { error: unknown }>,
): Promise<void> {
  const fifo = url.endsWith(".fifo");
  const { sent, failed } = await sendMessages(
    client,
    url,
    messages.map((message) => outgoing(message, fifo)),
  );
  for (const { index, messageId } of sent) ends.set(messages[index] as ResentMessage, { messageId });
  for (const { index, code, message } of failed) {
    ends.set(messages[index] as ResentMessage, { error: new ReliqError(code, message, { retryable: true }) });
  }
}

/** One a request: of a batch, SQS can refuse one message and take those behind it. */
async function releaseInOrder(
  client: SQSClient,
  queues: readonly RecoveredQueue[],
  messages: readonly ReleasedMessage[],
): Promise<Awaited<ReturnType<Resend["release"]>>> {
  const sent: { sequenceNumber: string }[] = [];
  for (const { message, body, envelope } of messages) {
    const queue = queues.find(({ name }) => name === message.queue);
    if (!queue) return { sent, error: notServed(message.queue) };
    const attributes = { ...message.attributes, [ENVELOPE_ATTRIBUTE]: envelopeAttribute(envelope) };
    try {
      const { SequenceNumber } = await client.send(
        new SendMessageCommand({
          QueueUrl: queue.url,
          MessageBody: body,
          MessageAttributes: toSqsAttributes(attributes),
          MessageGroupId: message.group,
          MessageDeduplicationId: deduplicationId(message.lineage, envelope.sends ?? 0),
        }),
      );
      sent.push({ sequenceNumber: SequenceNumber ?? "" });
    } catch (error) {
      return { sent, error };
    }
  }
  return { sent };
}

function outgoing({ failure, body, envelope, delaySeconds }: ResentMessage, fifo: boolean): OutgoingMessage {
  const { groupId, attributes } = failure;
  return {
    body,
    attributes: { ...attributes, [ENVELOPE_ATTRIBUTE]: envelopeAttribute(envelope) },
    ...(groupId !== undefined && { groupId }),
    ...(fifo ? { deduplicationId: deduplicationId(envelope.id ?? "", envelope.sends ?? 0) } : { delaySeconds }),
  };
}

/** SQS takes 128 letters, digits and punctuation; a lineage from an outbox can hold anything. */
function deduplicationId(lineage: string, sends: number): string {
  return `${lineage.replace(/[^\w-]/g, "_").slice(0, 110)}-${sends}`;
}

function notServed(queue: string): ReliqError {
  return new ReliqError("queue-not-served", `Recovery does not serve the queue ${queue}: add it to \`queues\`.`);
}
