import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type Consumer, ReliqError } from "@reliq/core";
import { CLIENT_SETTINGS } from "../client-settings.ts";
import { sqsVisibility } from "../sqs/visibility.ts";
import { handleBatch, type Queue, type WorkerPorts } from "./handle-batch.ts";
import { startHealth } from "./health.ts";
import { createIntake } from "./intake.ts";
import { createPause, type Pausing } from "./pause.ts";
import { poll } from "./poll.ts";
import { createTurns } from "./turns.ts";

/** How to run a worker. */
export interface WorkerOptions {
  readonly queueUrl: string;
  /** Ends the worker: it takes no more messages, and resolves when those whose handlers run are done. */
  readonly signal: AbortSignal;
  /** Long polls at once. @default 1 */
  readonly pollers?: number;
  /** Handlers at once, over all batches; as many messages more are fetched ahead. @default 10 × pollers */
  readonly concurrency?: number;
  /** How long running handlers get once the worker is to end, seconds; then their signals are aborted. @default 30 */
  readonly drainSeconds?: number;
  /**
   * Breakers of services that the handler cannot do without: while one is open the worker receives nothing and starts no handler, so that no
   * receive is spent on messages that would only be deferred. While one tries whether its service is back, one handler runs at a time.
   * @default []
   */
  readonly pauseWhile?: readonly Pausing[];
  /** Answers `GET /health` on this port: 200 while the worker can receive, else 503. @default none */
  readonly healthPort?: number;
  /** @default a client from the environment, made with `WORKER_CLIENT` */
  readonly client?: SQSClient;
}

/** What a worker's own client is made with: it computes no MD5 of bodies, which TLS guards. */
export const WORKER_CLIENT: typeof CLIENT_SETTINGS & { readonly md5: false } = { ...CLIENT_SETTINGS, md5: false };

/** What is left to the ports once handlers have been told to stop, seconds. */
const LAST_MOMENTS_SECONDS = 5;

/**
 * Runs a consumer in a process of its own, in a container or anywhere: long polling, visibility heartbeat, batched
 * deletes, graceful drain. The consumer is the same object as in Lambda. Resolves when the worker has ended.
 * @throws ReliqError `worker-queue` where the queue cannot be read, `renewal-missing` where the journal renews no claims: leases would end under handlers that are at work.
 */
export async function runWorker<T>(consumer: Consumer<T>, ports: WorkerPorts, options: WorkerOptions): Promise<void> {
  const { queueUrl, signal, pollers = 1, concurrency = 10 * pollers, drainSeconds = 30, pauseWhile = [] } = options;
  if (!ports.journal.renew) throw noRenewal();
  const client = options.client ?? new SQSClient(WORKER_CLIENT);
  const queue = await readQueue(client, queueUrl);
  const health = await startHealth(options.healthPort);
  const turns = createTurns(concurrency);
  const time = drainTime(signal, drainSeconds, turns.close);
  const visibility = sqsVisibility(client, queueUrl);
  const batches = new Set<Promise<void>>();
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const intake = createIntake(pollers, concurrency, turns, stop);
  const pause = createPause(pauseWhile, stop);
  const receiving = poll({ client, queueUrl, intake, pause, health, log: ports.log, signal: stop }, (messages) => {
    const batch = handleBatch(consumer, messages, queue, { ...ports, visibility }, { turns, intake, pause, ...time });
    const tracked = batch.catch((error: unknown) => failed.abort(error)).finally(() => batches.delete(tracked));
    batches.add(tracked);
  });
  try {
    await receiving;
    turns.close();
    while (batches.size > 0) await Promise.all(batches);
    if (failed.signal.aborted) throw failed.signal.reason;
  } finally {
    time.end();
    await health.stop();
  }
}

function noRenewal(): ReliqError {
  const fix =
    "take one of portsFromEnvironment() in a process that no Consumer construct has bundled, or of dynamodbJournal().";
  return new ReliqError(
    "renewal-missing",
    `A worker's journal has to have \`renew\`, for handlers that take long: ${fix}`,
  );
}

async function readQueue(client: SQSClient, QueueUrl: string): Promise<Queue> {
  try {
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["VisibilityTimeout", "RedrivePolicy"] }),
    );
    const { maxReceiveCount } = JSON.parse(Attributes["RedrivePolicy"] ?? "{}") as {
      maxReceiveCount?: number | string;
    };
    return {
      client,
      queueUrl: QueueUrl,
      visibilitySeconds: Math.max(1, Number(Attributes["VisibilityTimeout"] ?? 30)),
      ...(maxReceiveCount !== undefined && { maxReceiveCount: Number(maxReceiveCount) }),
    };
  } catch (error) {
    const what = `The queue ${QueueUrl} cannot be read (${String(error)}).`;
    const fix = "Check its URL, and that the worker may sqs:GetQueueAttributes.";
    throw new ReliqError("worker-queue", `${what} ${fix}`, { cause: error });
  }
}

interface DrainTime {
  /** Aborted when handlers have to stop. */
  readonly handling: AbortSignal;
  /** Aborted when ports are no longer waited for. */
  readonly answering: AbortSignal;
  readonly end: () => void;
}

function drainTime(signal: AbortSignal, drainSeconds: number, onStop: () => void): DrainTime {
  const handling = new AbortController();
  const answering = new AbortController();
  let timers: NodeJS.Timeout[] = [];
  const stop = (): void => {
    onStop();
    timers = [
      setTimeout(() => handling.abort(new Error("the worker ends")), drainSeconds * 1_000),
      setTimeout(() => answering.abort(), (drainSeconds + LAST_MOMENTS_SECONDS) * 1_000),
    ];
  };
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  return {
    handling: handling.signal,
    answering: answering.signal,
    end: () => {
      signal.removeEventListener("abort", stop);
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
