import { randomUUID } from "node:crypto";
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import {
  type ConsumePorts,
  type Consumer,
  type ConsumerOptions,
  consumer,
  groupOrder,
  type LogLine,
} from "@reliq/core";
import { anyBody, memoryJournal } from "@reliq/core/testing";
import { onTestFinished } from "vitest";
import { timeLimit } from "../src/time-limit.ts";
import type { WorkerPorts } from "../src/worker/handle-batch.ts";
import { runWorker, type WorkerOptions } from "../src/worker/run-worker.ts";
import { type ClientSettings, localRegion } from "./region.ts";

/** A worker on a queue of its own in a local region. */
export interface Trial {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly settings: ClientSettings;
  readonly lines: LogLine[];
  /** Names of the requests that were sent. */
  readonly requests: string[];
  run(
    options?: Partial<WorkerOptions>,
    more?: Partial<WorkerPorts>,
  ): { readonly stop: AbortController; readonly ended: Promise<void> };
  left(): Promise<number>;
}

/** Makes a queue and a consumer for a test, which ends the worker that it runs. */
export async function trial(
  options: Partial<ConsumerOptions<unknown>>,
  attributes: Record<string, string> = {},
): Promise<Trial> {
  const settings = await localRegion();
  const client = new SQSClient(settings);
  const fifo = attributes["FifoQueue"] === "true";
  const QueueName = `q-${randomUUID()}${fifo ? ".fifo" : ""}`;
  const { QueueUrl = "" } = await client.send(new CreateQueueCommand({ QueueName, Attributes: attributes }));
  const lines: LogLine[] = [];
  const requests: string[] = [];
  client.middlewareStack.add(
    (next, context) => (args) => {
      requests.push(String(context.commandName));
      return next(args);
    },
    { step: "initialize" },
  );
  const subject: Consumer<unknown> = consumer({ name: "orders", schema: anyBody, handle: () => {}, ...options });
  const ports: ConsumePorts = {
    journal: memoryJournal(),
    groups: groupOrder,
    log: (line) => lines.push(line),
    now: Date.now,
    random: Math.random,
    newToken: randomUUID,
    timeLimit,
  };
  return {
    client,
    queueUrl: QueueUrl,
    settings,
    lines,
    requests,
    run: (worker = {}, more = {}) => {
      const stop = new AbortController();
      onTestFinished(() => stop.abort());
      const ended = runWorker(
        subject,
        { ...ports, ...more },
        { queueUrl: QueueUrl, client, signal: stop.signal, ...worker },
      );
      return { stop, ended };
    },
    left: async () => {
      const AttributeNames = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
      );
      return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0);
    },
  };
}

/** Sends bodies, ten in one request. */
export async function send({ client, queueUrl }: Trial, bodies: readonly unknown[], group?: string): Promise<void> {
  for (let start = 0; start < bodies.length; start += 10) {
    const Entries = bodies.slice(start, start + 10).map((body, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify(body),
      ...(group !== undefined && { MessageGroupId: group, MessageDeduplicationId: randomUUID() }),
    }));
    await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}
