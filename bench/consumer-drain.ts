import { setTimeout as wait } from "node:timers/promises";
import { CreateQueueCommand, SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { startDelayProxy, startLocalRegion, withServers } from "../harness/server-process.ts";
import { median } from "./compare.ts";
import { type Drain, drainBatches, drainSingly, drainWithWorker } from "./consumer-drains.ts";
import { orderBody } from "./consumer-order.ts";
import { CREDENTIALS } from "./consumer-requests.ts";

type ByPollers = Readonly<Record<"1" | "4" | "16", number>>;

/** Messages a second, the worker's over sqs-consumer's at equal handler slots, by pollers; and what the worker asked of SQS. */
export interface Drained {
  readonly drainRatio: { readonly single: ByPollers; readonly batch10ms: ByPollers; readonly batch: ByPollers };
  readonly sqsRequestsPerMessage: number;
}

/** Runs that count, which take turns, after one that warms up; the median does. */
const RUNS = 3;
const POLLERS = ["1", "4", "16"] as const;

/** Messages a run, by pollers. */
const MESSAGES: Readonly<Record<(typeof POLLERS)[number], number>> = { 1: 1_000, 4: 2_000, 16: 2_000 };

/** The latency of a round trip, milliseconds, half of it each way. */
const LATENCY_MS = 10;

/** Drains queues of the local region in a process of its own, directly and through a proxy that adds latency. */
export async function measureDrain(): Promise<Drained> {
  return await withServers([startLocalRegion], async ([region]) => {
    if (!region) throw new Error("there is no region");
    const requests: number[] = [];
    const compare = (rival: Drain, endpoint: string): Promise<ByPollers> =>
      byPollers(rival, region.endpoint, endpoint, requests);
    const single = await compare(drainSingly, region.endpoint);
    const batch = await compare(drainBatches, region.endpoint);
    const batch10ms = await withServers([startDelayProxy(region, LATENCY_MS / 2)], ([proxy]) =>
      compare(drainBatches, proxy?.endpoint ?? ""),
    );
    return {
      drainRatio: { single, batch10ms, batch },
      sqsRequestsPerMessage: Number(Math.max(...requests).toFixed(4)),
    };
  });
}

async function byPollers(rival: Drain, source: string, endpoint: string, requests: number[]): Promise<ByPollers> {
  const ratios: [string, number][] = [];
  for (const pollers of POLLERS) {
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let run = pollers === "1" ? 0 : 1; run <= RUNS; run++) {
      const worker = await drain(drainWithWorker, source, endpoint, pollers);
      const other = await drain(rival, source, endpoint, pollers);
      if (run === 0) continue;
      ours.push(worker.perSecond);
      theirs.push(other.perSecond);
      requests.push(worker.requestsPerMessage);
    }
    const shown = `worker ${median(ours).toFixed(0)}/s, sqs-consumer ${median(theirs).toFixed(0)}/s`;
    console.error(
      `drain  ${rival.name}${source === endpoint ? "" : ` ${LATENCY_MS} ms`}  pollers ${pollers}: ${shown}`,
    );
    ratios.push([pollers, Number((median(ours) / median(theirs)).toFixed(2))]);
  }
  return Object.fromEntries(ratios) as ByPollers;
}

let queues = 0;

/** Sends a queue full straight to the region, and drains it through `endpoint`. */
async function drain(
  run: Drain,
  source: string,
  endpoint: string,
  pollers: (typeof POLLERS)[number],
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
    ...(run === drainWithWorker && { md5: false }),
  });
  const seen = watch(client);
  const began = performance.now();
  const stop = await run(client, QueueUrl, Number(pollers));
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

/** Counts a client's requests, and the messages it has deleted. */
function watch(client: SQSClient): { readonly requests: number; readonly deleted: number } {
  const seen = { requests: 0, deleted: 0 };
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        seen.requests++;
        const answer = await next(args);
        if (commandName === "DeleteMessageCommand") seen.deleted++;
        if (commandName === "DeleteMessageBatchCommand") {
          seen.deleted += (answer.output as { Successful?: readonly unknown[] }).Successful?.length ?? 0;
        }
        return answer;
      },
    { step: "initialize" },
  );
  return seen;
}
