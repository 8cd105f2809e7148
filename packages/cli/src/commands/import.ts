import {
  DeleteMessageCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { ApiRequests } from "@reliq/core/recovery";
import { askedRegion, awsSettings, isHere } from "../asked-region.ts";
import { CommandError } from "../command-error.ts";
import { printAnswer } from "../print-answer.ts";
import { progress } from "../progress.ts";
import { type ApiOptions, openApi, type RecoveryClient } from "../recovery-client.ts";

interface ImportOptions extends ApiOptions {
  /** The queue that they died on, where SQS does not say it. */
  readonly queue?: string;
}

type Letter = ApiRequests["import-failures"]["messages"][string];

/** How long a received message stays hidden until it is stored and deleted, seconds. */
const VISIBILITY_SECONDS = 120;

/** `reliq import <queue-url>`: captures what is in a dead-letter queue that Reliq did not make; a message is deleted there once it is stored. */
export async function importQueue(queueUrl: string, options: ImportOptions): Promise<void> {
  const region = await askedRegion(options);
  const isOfRegion = region.endpoint === undefined || isHere(urlOf(queueUrl));
  const sqs = new SQSClient(isOfRegion ? region.settings : awsSettings(options));
  const callApi = await openApi(options);
  const show = progress(options);
  const counts = { imported: 0, left: 0 };
  for (;;) {
    const messages = await receive(sqs, queueUrl);
    if (messages.length === 0) break;
    for (const message of messages) {
      const stored = await importOne(message, options.queue, callApi);
      if (stored)
        await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle }));
      counts[stored ? "imported" : "left"] += 1;
      show?.(`${counts.imported} messages are held …`);
    }
  }
  show?.clear();
  printAnswer(options, counts, describeImport);
  if (counts.left > 0) process.exitCode = 1;
}

function describeImport({ imported, left }: { readonly imported: number; readonly left: number }): string {
  return `${imported} messages are held now; ${left} stay in the queue.`;
}

function urlOf(queueUrl: string): URL {
  if (URL.canParse(queueUrl)) return new URL(queueUrl);
  throw new CommandError(
    `${JSON.stringify(queueUrl)} is not the URL of a queue. \`reliq queues --json\` says each queue's.`,
  );
}

async function receive(sqs: SQSClient, queueUrl: string): Promise<readonly Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 2,
      VisibilityTimeout: VISIBILITY_SECONDS,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    }),
  );
  return Messages;
}

/** One at a time: ten large bodies are more than a request to a function may hold. */
async function importOne(message: Message, named: string | undefined, callApi: RecoveryClient): Promise<boolean> {
  const { DeadLetterQueueSourceArn: source } = (message.Attributes ?? {}) as Record<string, string | undefined>;
  const queue = named ?? source?.slice(source.lastIndexOf(":") + 1);
  if (queue === undefined) {
    throw new CommandError("SQS does not say which queue these messages died on: name it with --queue.");
  }
  const { letters } = await callApi("import-failures", { queue, messages: { "0": letterOf(message) } });
  return letters.every(({ stored }) => stored);
}

function letterOf({ MessageId = "", Body = "", Attributes = {}, MessageAttributes = {} }: Message): Letter {
  const { ApproximateReceiveCount, SentTimestamp, MessageGroupId, SequenceNumber } = Attributes;
  return {
    messageId: MessageId,
    body: Body,
    attributes: Object.fromEntries(Object.entries(MessageAttributes).map(([name, each]) => [name, attribute(each)])),
    receiveCount: Number(ApproximateReceiveCount),
    sentAtMs: Number(SentTimestamp),
    ...(MessageGroupId !== undefined && { groupId: MessageGroupId }),
    ...(SequenceNumber !== undefined && { sequenceNumber: SequenceNumber }),
  };
}

/** Bytes go as base64, which is what the API reads. */
function attribute({
  DataType = "String",
  StringValue,
  BinaryValue,
}: MessageAttributeValue): Letter["attributes"][string] {
  if (!BinaryValue) return { dataType: DataType, stringValue: StringValue ?? "" };
  const base64 = Buffer.from(BinaryValue).toString("base64");
  return { dataType: DataType, binaryValue: { base64 } as unknown as Uint8Array };
}
