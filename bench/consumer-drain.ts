import { setTimeout as wait } from "node:timers/promises";
import { CreateQueueCommand, SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { WORKER_CLIENT } from "@reliq/aws";
import { startDelayProxy, startLocalRegion, withServers } from "../harness/server-process.ts";
import { median } from "./compare.ts";
import { type Drain, drainBatches, drainSingly, drainWithWorker, type Work } from "./consumer-drains.ts";
import { orderBody } from "./consumer-order.ts";
import { CREDENTIALS } from "./consumer-requests.ts";
import { watchRequests } from "./watch-requests.ts";

type Pollers = "1" | "4" | "16";
type ByPollers<P extends Pollers = Pollers> = Readonly<Record<P, number>>;

/** Messages a second, the worker's over sqs-consumer's at equal handler slots, by pollers; and what the worker asked of SQS. */
export interface Drained {
  readonly drainRatio: {
    readonly single: ByPollers;
    readonly batch10ms: ByPollers;
    /** 2 % of the handlers take 100 ms. */
    readonly batch10msSlow: ByPollers<"1" | "4">;
    readonly batch: ByPollers;
  };
  readonly sqsRequestsPerMessage: number;
  /** Handlers take 0 to 200 ms. */
  readonly sqsRequestsPerMessageSlowMixed: number;
}

/** Turns that count, after one that warms up; the median of their ratios does. */
const RUNS = 7;

/** Messages a run, by pollers: so many that to start is little of it. */
const MESSAGES: ByPollers = { 1: 1_000, 4: 2_000, 16: 4_000 };

/** The latency of a round trip, milliseconds, half of it each way. */
const LATENCY_MS = 10;

const atOnce: Work = async () => {};
const sometimesSlow: Work = async () => {
  if (Math.random() < 0.02) await wait(100);
};
const slowMixed: Work = () => wait(Math.random() * 200);

interface Comparison<P extends Pollers> {
  readonly rival: Drain;
  readonly pollers: readonly P[];
  readonly work: Work;
  /** Where it is drained; it is filled straight at `source`. */
  readonly endpoint: string;
  readonly source: string;
}

/** Drains queues of the local region in a process of its own, directly and through a proxy that adds latency. */
export async function measureDrain(): Promise<Drained> {
  return await withServers([startLocalRegion], async ([region]) => {
    if (!region) throw new Error("there is no region");
    const direct = {
      pollers: ["1", "4", "16"],
      work: atOnce,
      endpoint: region.endpoint,
      source: region.endpoint,
    } as const;
    const requests: number[] = [];
    const single = await byPollers({ ...direct, rival: drainSingly }, requests);
    const batch = await byPollers({ ...direct, rival: drainBatches }, requests);
    const [batch10ms, batch10msSlow] = await withServers([startDelayProxy(region, LATENCY_MS / 2)], async ([proxy]) => {
      const far = { ...direct, rival: drainBatches, endpoint: proxy?.endpoint ?? "" };
      const slow = { ...far, pollers: ["1", "4"], work: sometimesSlow } as const;
      return [await byPollers(far, requests), await byPollers(slow, [])] as const;
    });
    const mixed = await drain(drainWithWorker, { ...direct, work: slowMixed }, "4");
    return {
      drainRatio: { single, batch10ms, batch10msSlow, batch },
      sqsRequestsPerMessage: Number(Math.max(...requests).toFixed(4)),
      sqsRequestsPerMessageSlowMixed: Number(mixed.requestsPerMessage.toFixed(4)),
    };
  });
}

async function byPollers<P extends Pollers>(comparison: Comparison<P>, requests: number[]): Promise<ByPollers<P>> {
  const { rival, work, source, endpoint } = comparison;
  const ratios: [string, number][] = [];
  for (const pollers of comparison.pollers) {
    const perSecond = new Map<Drain, number[]>([
      [drainWithWorker, []],
      [rival, []],
    ]);
    for (let run = 0; run <= RUNS; run++) {
      const turns = run % 2 === 0 ? [drainWithWorker, rival] : [rival, drainWithWorker];
      for (const side of turns) {
        const drained = await drain(side, comparison, pollers);
        if (run > 0) perSecond.get(side)?.push(drained.perSecond);
        if (run > 0 && side === drainWithWorker) requests.push(drained.requestsPerMessage);
      }
    }
    const [ours = [], theirs = []] = perSecond.values();
    // A turn's two sides are next to each other in time: the machine's speed changes by half within seconds.
    const ratio = median(ours.map((each, turn) => each / (theirs[turn] ?? 1)));
    const where = `${source === endpoint ? "" : ` ${LATENCY_MS} ms`}${work === atOnce ? "" : ", 2 % slow"}`;
    console.error(
      `drain  ${rival.name}${where}  pollers ${pollers}: worker ${median(ours).toFixed(0)}/s, sqs-consumer ${median(theirs).toFixed(0)}/s, ratio ${ratio.toFixed(2)}`,
    );
    ratios.push([pollers, Number(ratio.toFixed(2))]);
  }
  return Object.fromEntries(ratios) as ByPollers<P>;
}

let queues = 0;

/** Sends a queue full straight to the region, and drains it through `endpoint`. */
async function drain(
  run: Drain,
  { work, source, endpoint }: Pick<Comparison<Pollers>, "endpoint" | "source" | "work">,
  pollers: Pollers,
): Promise<{ perSecond: number; requestsPerMessage: number }> {
  const settings = { region: "us-east-1", credentials: CREDENTIALS };
  const sender = new SQSClient({ ...settings, endpoint: source, md5: false });
  const QueueName = `drain-${++queues}`;
  const { QueueUrl = "" } = await sender.send(new CreateQueueCommand({ QueueName }));
  const messages = MESSAGES[pollers];
  await send(sender, QueueUrl, messages);
  sender.destroy();
  const client = new SQSClient({
    ...settings,
    endpoint,
    useQueueUrlAsEndpoint: false,
    ...(run === drainWithWorker && WORKER_CLIENT),
  });
  const seen = watchRequests(client);
  const began = performance.now();
  const stop = await run(client, QueueUrl, Number(pollers), work);
  while (seen.deleted < messages) await wait(1);
  const perSecond = (messages / (performance.now() - began)) * 1_000;
  const requestsPerMessage = seen.requests / messages;
  await stop();
  client.destroy();
  return { perSecond, requestsPerMessage };
}

async function send(client: SQSClient, QueueUrl: string, messages: number): Promise<void> {
  let next = 0;
  const sender = async (): Promise<void> => {
    while (next < messages) {
      const first = next;
      next += 10;
      const Entries = Array.from({ length: 10 }, (_, index) => ({
        Id: String(index),
        MessageBody: JSON.stringify(orderBody(first + index)),
      }));
      await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    }
  };
  await Promise.all(Array.from({ length: 8 }, sender));
}
