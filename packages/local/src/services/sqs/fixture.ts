import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  type SendMessageCommandOutput,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { Clock } from "../../kernel/clock.ts";
import { type Region, startRegion } from "../../region.ts";

/** A region of a test's own, on a clock that only the test moves, with a client of the real SDK on its socket. */
export interface TestRegion {
  readonly sqs: SQSClient;
  readonly region: Region;
  readonly clock: TestClock;
  /** Stops the region and starts it again on the same state. */
  restart(): Promise<TestRegion>;
  close(): Promise<void>;
}

export async function openRegion(directory?: string, clock: TestClock = createTestClock()): Promise<TestRegion> {
  const stateDirectory = directory ?? (await mkdtemp(join(tmpdir(), "reliq-sqs-")));
  const region = await startRegion({ port: 0, stateDirectory, clock });
  const sqs = new SQSClient({
    endpoint: region.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  const stop = async (): Promise<void> => {
    sqs.destroy();
    await region.stop();
  };
  return {
    sqs,
    region,
    clock,
    restart: async () => {
      await stop();
      return openRegion(stateDirectory, clock);
    },
    close: async () => {
      await stop();
      await rm(stateDirectory, { recursive: true, force: true });
    },
  };
}

/** Makes a queue, by default of a name that no other test has. */
export async function newQueue(
  { sqs }: TestRegion,
  attributes: Record<string, string> = {},
  name: string = `q-${randomUUID()}${attributes["FifoQueue"] ? ".fifo" : ""}`,
): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  return QueueUrl ?? "";
}

export async function attributesOf({ sqs }: TestRegion, queueUrl: string): Promise<Record<string, string>> {
  const answer = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["All"] }));
  return answer.Attributes ?? {};
}

/** A queue whose dead letters go to a queue of their own. */
export async function newQueueWithDeadLetters(
  test: TestRegion,
  maxReceiveCount: number,
  attributes: Record<string, string> = {},
): Promise<{ url: string; dead: string; deadArn: string }> {
  const dead = await newQueue(test, attributes["FifoQueue"] ? { FifoQueue: "true" } : {});
  const deadArn = (await attributesOf(test, dead))["QueueArn"] ?? "";
  const redrive = JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount });
  return { url: await newQueue(test, { ...attributes, RedrivePolicy: redrive }), dead, deadArn };
}

export function send(
  { sqs }: TestRegion,
  queueUrl: string,
  body: string,
  input: Partial<SendMessageCommandInput> = {},
): Promise<SendMessageCommandOutput> {
  return sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, ...input }));
}

/** The messages of one receive, up to ten. */
export async function receive(
  { sqs }: TestRegion,
  queueUrl: string,
  input: Partial<ReceiveMessageCommandInput> = {},
): Promise<Message[]> {
  const answer = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, ...input }));
  return answer.Messages ?? [];
}

export function bodies(messages: readonly Message[]): (string | undefined)[] {
  return messages.map((each) => each.Body);
}

/** A clock that moves when a test says so; timers fire in their order. */
export interface TestClock extends Clock {
  advance(seconds: number): void;
}

export function createTestClock(): TestClock {
  let nowMs = Date.now();
  const timers = new Set<{ atMs: number; work: () => void }>();
  return {
    now: () => nowMs,
    at: (atMs, work) => {
      const timer = { atMs, work };
      timers.add(timer);
      if (atMs <= nowMs) setImmediate(() => timers.delete(timer) && work());
      return () => timers.delete(timer);
    },
    advance: (seconds) => {
      nowMs += seconds * 1_000;
      for (const timer of [...timers].sort((a, b) => a.atMs - b.atMs)) {
        if (timer.atMs <= nowMs && timers.delete(timer)) timer.work();
      }
    },
  };
}
