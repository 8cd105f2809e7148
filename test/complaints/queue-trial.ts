import { randomUUID } from "node:crypto";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { dynamodbJournal, runWorker, sqsDeadLetters, sqsVisibility, timeLimit } from "@reliq/aws";
import {
  type ConsumePorts,
  type ConsumerOptions,
  consumer,
  groupOrder,
  type Journal,
  type LogLine,
  transactionalEffects,
} from "@reliq/core";
import { anyBody } from "@reliq/core/testing";
import { onTestFinished } from "vitest";
import { tableClient } from "../../packages/aws/test/journal-table.ts";
import { localRegion } from "../../packages/aws/test/region.ts";

/** A queue with a dead-letter queue, a consumer of it in a worker, and what they leave behind. */
export interface QueueTrial {
  readonly endpoint: string;
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly journal: Journal;
  readonly lines: readonly LogLine[];
  /** Sends a text, and gives back the message's id. */
  readonly send: (
    body: string,
    more?: { readonly group?: string; readonly attributes?: Record<string, MessageAttributeValue> },
  ) => Promise<string>;
  /** Starts a worker, which ends with the test at the latest. */
  readonly work: () => AbortController;
  /** Waits for a dead letter. */
  readonly dead: () => Promise<Message>;
}

interface TrialQueue {
  readonly fifo?: boolean;
  readonly visibilitySeconds?: number;
  readonly maxReceiveCount?: number;
  readonly random?: () => number;
}

/** Makes the trial in a local region of its own. */
export async function queueTrial(
  options: Partial<ConsumerOptions<unknown>>,
  { fifo = false, visibilitySeconds = 1, maxReceiveCount = 2, random = Math.random }: TrialQueue = {},
): Promise<QueueTrial> {
  const settings = await localRegion();
  const sqs = new SQSClient(settings);
  const { client } = await tableClient(settings);
  const create = async (name: string, more: Record<string, string>): Promise<string> => {
    const Attributes = { ...(fifo && { FifoQueue: "true" }), VisibilityTimeout: String(visibilitySeconds), ...more };
    const { QueueUrl = "" } = await sqs.send(
      new CreateQueueCommand({ QueueName: fifo ? `${name}.fifo` : name, Attributes }),
    );
    return QueueUrl;
  };
  const deadLetterQueueUrl = await create("dead", {});
  const deadLetterTargetArn = `arn:aws:sqs:us-east-1:000000000000:${deadLetterQueueUrl.split("/").at(-1)}`;
  const queueUrl = await create("orders", { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }) });
  const lines: LogLine[] = [];
  const journal = dynamodbJournal(client, "journal");
  const ports: ConsumePorts = {
    journal,
    effects: transactionalEffects(journal),
    groups: groupOrder,
    visibility: sqsVisibility(sqs, queueUrl),
    deadLetters: sqsDeadLetters(sqs, deadLetterQueueUrl),
    log: (line) => lines.push(line),
    now: Date.now,
    random,
    newToken: randomUUID,
    timeLimit,
  };
  const subject = consumer({ name: "orders", schema: anyBody, handle: () => {}, ...options });
  return {
    ...{ endpoint: settings.endpoint, sqs, queueUrl, journal, lines },
    send: async (MessageBody, { group, attributes } = {}) => {
      const fifoIds = group !== undefined && { MessageGroupId: group, MessageDeduplicationId: randomUUID() };
      const request = { QueueUrl: queueUrl, MessageBody, ...fifoIds, MessageAttributes: attributes };
      return (await sqs.send(new SendMessageCommand(request))).MessageId ?? "";
    },
    work: () => {
      const stop = new AbortController();
      const ended = runWorker(subject, ports, { queueUrl, client: sqs, signal: stop.signal, drainSeconds: 1 });
      onTestFinished(async () => {
        stop.abort();
        await ended;
      });
      return stop;
    },
    dead: () => receiveOne(sqs, deadLetterQueueUrl),
  };
}

async function receiveOne(sqs: SQSClient, QueueUrl: string): Promise<Message> {
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MessageAttributeNames: ["All"],
        MessageSystemAttributeNames: ["All"],
        WaitTimeSeconds: 1,
      }),
    );
    if (Messages[0]) return Messages[0];
  }
}

/** How many messages a queue has, in flight or not. */
export async function messagesLeft(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const AttributeNames = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
  );
  return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0);
}
