import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateTopicCommand,
  PublishCommand,
  type PublishCommandInput,
  SNSClient,
  SubscribeCommand,
  type SubscribeCommandInput,
} from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import { type Region, type RegionOptions, startRegion } from "../../region.ts";

/** A region of a test's own, with clients of the real SDK on its socket. */
export interface TestRegion {
  readonly region: Region;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  /** The lines that it reported. */
  readonly reports: string[];
  /** Stops the region and starts it again on the same state. */
  restart(): Promise<TestRegion>;
  close(): Promise<void>;
}

export async function openRegion(options: Partial<RegionOptions> = {}): Promise<TestRegion> {
  const stateDirectory = options.stateDirectory ?? mkdtempSync(join(tmpdir(), "reliq-sns-"));
  const reports: string[] = [];
  const report = (line: string) => reports.push(line);
  const region = await startRegion({ port: 0, report, ...options, stateDirectory });
  const clients = clientsOf(region.endpoint);
  const stop = async (): Promise<void> => {
    clients.sns.destroy();
    clients.sqs.destroy();
    await region.stop();
  };
  return {
    region,
    ...clients,
    reports,
    restart: async () => {
      await stop();
      return openRegion({ ...options, stateDirectory });
    },
    close: async () => {
      await stop();
      rmSync(stateDirectory, { recursive: true, force: true });
    },
  };
}

export function clientsOf(endpoint: string): { sns: SNSClient; sqs: SQSClient } {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const settings = { endpoint, region: "us-east-1", credentials, maxAttempts: 1 };
  return { sns: new SNSClient(settings), sqs: new SQSClient(settings) };
}

export function arnOf(service: string, name: string): string {
  return `arn:aws:${service}:us-east-1:000000000000:${name}`;
}

/** Makes a topic, by default of a name that no other test has. */
export async function newTopic(
  { sns }: Pick<TestRegion, "sns">,
  Attributes: Record<string, string> = {},
  Name = `t-${randomUUID()}${Attributes["FifoTopic"] ? ".fifo" : ""}`,
): Promise<string> {
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name, Attributes }));
  return TopicArn;
}

/** Makes a queue of a name that no other test has, and gives the name. */
export async function newQueue({ sqs }: Pick<TestRegion, "sqs">, fifo = false): Promise<string> {
  const QueueName = `q-${randomUUID()}${fifo ? ".fifo" : ""}`;
  await sqs.send(new CreateQueueCommand({ QueueName, ...(fifo && { Attributes: { FifoQueue: "true" } }) }));
  return QueueName;
}

export async function subscribe(
  { sns }: Pick<TestRegion, "sns">,
  TopicArn: string,
  Protocol: string,
  Endpoint: string,
  Attributes: Record<string, string> = {},
  input: Partial<SubscribeCommandInput> = {},
): Promise<string> {
  const command = new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes, ...input });
  return (await sns.send(command)).SubscriptionArn ?? "";
}

/** Subscribes a queue of its own to a topic, and gives its name. */
export async function subscribeQueue(
  test: TestRegion,
  topic: string,
  attributes: Record<string, string> = { RawMessageDelivery: "true" },
  fifo = false,
): Promise<string> {
  const queue = await newQueue(test, fifo);
  await subscribe(test, topic, "sqs", arnOf("sqs", queue), attributes);
  return queue;
}

export async function publish(
  { sns }: Pick<TestRegion, "sns">,
  TopicArn: string,
  Message: string,
  input: Partial<PublishCommandInput> = {},
): Promise<string> {
  return (await sns.send(new PublishCommand({ TopicArn, Message, ...input }))).MessageId ?? "";
}

/** Receives and deletes messages until there are so many. */
export async function receive({ sqs }: Pick<TestRegion, "sqs">, queue: string, count = 1): Promise<Message[]> {
  const found: Message[] = [];
  while (found.length < count) {
    const command = new ReceiveMessageCommand({
      QueueUrl: queue,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 20,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["All"],
    });
    const { Messages = [] } = await sqs.send(command);
    if (Messages.length === 0) throw new Error(`${queue} has only ${found.length} of ${count} messages.`);
    const Entries = Messages.map(({ MessageId, ReceiptHandle }) => ({ Id: MessageId, ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue, Entries }));
    found.push(...Messages);
  }
  return found;
}

/** What a refusal is, for `toMatchObject`. */
export function refusal(name: string, message?: RegExp): object {
  return { name, ...(message && { message: expect.stringMatching(message) }) };
}
