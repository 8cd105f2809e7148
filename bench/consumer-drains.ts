import { once } from "node:events";
import type { Message, SQSClient } from "@aws-sdk/client-sqs";
import { runWorker, timeLimit } from "@reliq/aws";
import { consumer } from "@reliq/core";
import { memoryJournal } from "@reliq/core/testing";
import { Consumer, type ConsumerOptions } from "sqs-consumer";
import { Order } from "./consumer-order.ts";

/** What a handler does beside checking the body. */
export type Work = () => Promise<void>;

/** Starts to drain a queue with ten handler slots a poller, and gives back what ends it. */
export type Drain = (client: SQSClient, queueUrl: string, pollers: number, work: Work) => Promise<() => Promise<void>>;

/** Reliq's worker; the body is parsed and checked. */
export const drainWithWorker: Drain = async (client, queueUrl, pollers, work) => {
  const stop = new AbortController();
  const ports = {
    journal: memoryJournal(),
    log: () => {},
    now: Date.now,
    random: Math.random,
    timeLimit,
    newToken: () => crypto.randomUUID(),
  };
  const orders = consumer({ name: "orders", schema: Order, handle: work });
  const ended = runWorker(orders, ports, { queueUrl, client, pollers, signal: stop.signal });
  return async () => {
    stop.abort();
    await ended;
  };
};

/** sqs-consumer with a handler a message: ten at once a poller, and each deleted alone. */
export const drainSingly: Drain = (sqs, queueUrl, pollers, work) =>
  startPeers(pollers, { sqs, queueUrl, handleMessage: (message: Message) => handled(message, work) });

/** sqs-consumer with a handler a batch of ten. */
export const drainBatches: Drain = (sqs, queueUrl, pollers, work) =>
  startPeers(pollers, {
    sqs,
    queueUrl,
    handleMessageBatch: (messages: Message[]) => Promise.all(messages.map((message) => handled(message, work))),
  });

async function startPeers(pollers: number, options: ConsumerOptions): Promise<() => Promise<void>> {
  const consumers = Array.from({ length: pollers }, () =>
    Consumer.create({ ...options, batchSize: 10, useQueueUrlAsEndpoint: false }),
  );
  for (const each of consumers) {
    // Its own end aborts its receives, which it reports as errors.
    each.on("error", (error) => error.message.endsWith("Request aborted") || console.error(String(error)));
    each.start();
  }
  return async () => {
    await Promise.all(
      consumers.map(async (each) => {
        const stopped = once(each, "stopped");
        each.stop({ abort: true });
        await stopped;
      }),
    );
  };
}

async function handled(message: Message, work: Work): Promise<Message> {
  const result = Order["~standard"].validate(JSON.parse(message.Body ?? ""));
  if ("issues" in result && result.issues) throw new Error("the body does not fit");
  await work();
  return message;
}
