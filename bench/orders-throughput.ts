import { setTimeout as wait } from "node:timers/promises";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DeleteMessageBatchCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { producer, runWorker } from "@reliq/aws";
import { consumer } from "@reliq/core";
import { is } from "valibot";
import { median } from "./compare.ts";
import {
  createQueues,
  type OrderRegion,
  orderPorts,
  orderPut,
  Step,
  stepOf,
  withOrderRegion,
} from "./orders-setting.ts";
import { watchRequests } from "./watch-requests.ts";

type Pollers = "1" | "4";

/** Messages a second of a FIFO queue, the worker's with exactly once and in order over a plain loop's with neither, by pollers. */
export interface OrderedThroughput {
  readonly throughputRatio: Readonly<Record<Pollers, number>>;
  readonly messagesPerSecond: Readonly<Record<Pollers, { readonly ordered: number; readonly plain: number }>>;
}

/** Works off a queue until it is told to stop, with ten handlers at once a poller. */
type Side = (region: OrderRegion, queueUrl: string, pollers: number, signal: AbortSignal) => Promise<void>;

/** Runs that count, in turns, after one that warms up. */
const RUNS = 3;

/** Messages a run, by pollers, and the groups that they are in. */
const MESSAGES: Readonly<Record<Pollers, number>> = { 1: 400, 4: 800 };
const GROUPS = 200;

/** Drains full FIFO queues of the local region in turns; both sides write the same order for each message. */
export async function measureOrderedThroughput(): Promise<OrderedThroughput> {
  return await withOrderRegion(async (region) => {
    const ones = await compareSides(region, "1");
    const fours = await compareSides(region, "4");
    return {
      throughputRatio: { 1: ones.ratio, 4: fours.ratio },
      messagesPerSecond: { 1: ones.perSecond, 4: fours.perSecond },
    };
  });
}

async function compareSides(
  region: OrderRegion,
  pollers: Pollers,
): Promise<{ readonly ratio: number; readonly perSecond: { readonly ordered: number; readonly plain: number } }> {
  const rates = new Map<Side, number[]>([
    [drainInOrder, []],
    [drainPlainly, []],
  ]);
  for (let run = 0; run <= RUNS; run++) {
    const turns = run % 2 === 0 ? [drainInOrder, drainPlainly] : [drainPlainly, drainInOrder];
    for (const side of turns) {
      const perSecond = await drain(region, side, pollers);
      if (run > 0) rates.get(side)?.push(perSecond);
    }
  }
  const [ordered = 0, plain = 0] = [...rates.values()].map((each) => Math.round(median(each)));
  console.error(`throughput  pollers ${pollers}: in order and once ${ordered}/s, plain ${plain}/s`);
  return { ratio: Number((ordered / plain).toFixed(2)), perSecond: { ordered, plain } };
}

let queues = 0;

async function drain(region: OrderRegion, side: Side, pollers: Pollers): Promise<number> {
  const { sqs } = region;
  const messages = MESSAGES[pollers];
  const name = `throughput-${++queues}`;
  const { queueUrl } = await createQueues(sqs, name, 5);
  await producer({ client: sqs, queueUrl }).send(
    Array.from({ length: messages }, (_, number) => {
      const orderId = `${name}-${number % GROUPS}`;
      const body = JSON.stringify(stepOf(orderId, Math.floor(number / GROUPS)));
      return { body, groupId: orderId, deduplicationId: String(number) };
    }),
  );
  const seen = watchRequests(sqs);
  const stop = new AbortController();
  const began = performance.now();
  const ended = side(region, queueUrl, Number(pollers), stop.signal);
  while (seen.deleted < messages) await Promise.race([wait(1), ended]);
  const perSecond = (messages / (performance.now() - began)) * 1_000;
  stop.abort();
  await ended;
  return perSecond;
}

/** Reliq's worker: each step commits with its group's sequence. */
const drainInOrder: Side = async (region, queueUrl, pollers, signal) => {
  const steps = consumer({
    name: "orders",
    schema: Step,
    effect: "transactional",
    handle: (step) => ({ writes: [{ Put: orderPut(step) }] }),
  });
  await runWorker(steps, orderPorts(region), { queueUrl, client: region.sqs, pollers, signal });
};

/** What one writes without a library: receive, put each, delete them together. A step twice, or after a later one, is written all the same. */
const drainPlainly: Side = async ({ sqs, dynamodb }, QueueUrl, pollers, signal) => {
  const put = async (body = ""): Promise<void> => {
    const step: unknown = JSON.parse(body);
    if (!is(Step, step)) throw new Error("the body does not fit");
    await dynamodb.send(new PutItemCommand(orderPut(step)));
  };
  const pollOnce = async (): Promise<void> => {
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 });
    const { Messages = [] } = await sqs.send(receive, { abortSignal: signal });
    await Promise.all(Messages.map(({ Body }) => put(Body)));
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  };
  const poller = async (): Promise<void> => {
    while (!signal.aborted) {
      await pollOnce().catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: pollers }, poller));
};
