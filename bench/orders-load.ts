import { setTimeout as wait } from "node:timers/promises";
import { dynamodbQuarantine, producer, runWorker, sqsDeadLetters } from "@reliq/aws";
import { type Consumer, consumer, exponential, groupHolding, PermanentFailure } from "@reliq/core";
import {
  createQueues,
  FAILURE_TABLE,
  keyOf,
  type OrderRegion,
  orderPorts,
  orderPut,
  Step,
  stepOf,
} from "./orders-setting.ts";

/** Messages of a run, ten sent at once every 200 ms: the worker is never behind. */
const MESSAGES = 300;
const AT_ONCE = 10;
const PERIOD_MS = 200;

const POLLERS = 2;

const GROUPS = 50;

/** Every tenth group fails at its first message: half of them at once for good, half at each receive. */
const HELD_EVERY = 10;

const MAX_RECEIVE_COUNT = 2;

/** What was seen of a run. */
export interface LoadRun {
  /** From send to effect, of each message of a group that is never held. */
  readonly latenciesMs: readonly number[];
  readonly setAside: number;
}

/** Sends a load of orders at a steady rate through a worker that holds groups; where it is poisoned, some fail at their first message. */
export async function runLoad(region: OrderRegion, name: string, poisoned: boolean): Promise<LoadRun> {
  const { queueUrl, deadLetterUrl } = await createQueues(region.sqs, name, MAX_RECEIVE_COUNT);
  const sentAtMs = new Map<string, number>();
  const latenciesMs: number[] = [];
  let setAside = 0;
  const stop = new AbortController();
  const ended = runWorker(
    stepsConsumer(poisoned),
    {
      ...orderPorts(region, (key) => {
        if (!isHeld(key)) latenciesMs.push(performance.now() - (sentAtMs.get(key) ?? Number.NaN));
      }),
      deadLetters: sqsDeadLetters(region.sqs, deadLetterUrl),
      quarantine: groupHolding(dynamodbQuarantine(region.dynamodb, FAILURE_TABLE)),
      metrics: ({ attempted }) => {
        setAside += attempted.filter(({ outcome }) => outcome.kind === "set-aside").length;
      },
    },
    { queueUrl, client: region.sqs, pollers: POLLERS, signal: stop.signal },
  );
  await sendSteadily(region, queueUrl, name, sentAtMs);
  const healthy = [...sentAtMs.keys()].filter((key) => !isHeld(key)).length;
  while (latenciesMs.length < healthy) await Promise.race([wait(5), ended]);
  stop.abort();
  await ended;
  return { latenciesMs, setAside };
}

async function sendSteadily(
  { sqs }: OrderRegion,
  queueUrl: string,
  name: string,
  sentAtMs: Map<string, number>,
): Promise<void> {
  const { send } = producer({ client: sqs, queueUrl });
  const sends: Promise<unknown>[] = [];
  const began = performance.now();
  for (let first = 0; first < MESSAGES; first += AT_ONCE) {
    await wait(Math.max(0, began + (first / AT_ONCE) * PERIOD_MS - performance.now()));
    const messages = Array.from({ length: AT_ONCE }, (_, index) => {
      const step = stepOf(`${name}-${(first + index) % GROUPS}`, Math.floor((first + index) / GROUPS));
      const deduplicationId = keyOf(step);
      sentAtMs.set(deduplicationId, performance.now());
      return { body: JSON.stringify(step), groupId: step.orderId, deduplicationId };
    });
    sends.push(send(messages));
  }
  await Promise.all(sends);
}

function stepsConsumer(poisoned: boolean): Consumer<Step> {
  return consumer({
    name: "orders",
    schema: Step,
    effect: "transactional",
    onPoison: "hold-group",
    failFast: true,
    retry: { backoff: exponential({ baseSeconds: 1, capSeconds: 1 }) },
    handle: (step) => {
      if (poisoned && step.step === 0 && isHeld(keyOf(step))) {
        const why = "the amount is negative";
        throw groupNumber(keyOf(step)) % (2 * HELD_EVERY) === 0 ? new PermanentFailure(why) : new Error(why);
      }
      return { writes: [{ Put: orderPut(step) }] };
    },
  });
}

function isHeld(key: string): boolean {
  return groupNumber(key) % HELD_EVERY === 0;
}

function groupNumber(key: string): number {
  return Number(/(\d+)#/.exec(key)?.[1]);
}
