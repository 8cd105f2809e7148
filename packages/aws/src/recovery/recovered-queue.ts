import { ReliqError } from "@reliq/core";
import { needText, refusedVariable } from "../environment.ts";

/** A queue whose dead letters recovery captures. */
export interface RecoveredQueue {
  readonly name: string;
  readonly url: string;
  /** The name of its dead-letter queue; several queues can share one. */
  readonly deadLetterQueue: string;
  readonly maxReceiveCount: number;
  readonly visibilitySeconds: number;
}

/**
 * The queue that a dead letter died on: the one that the service or the envelope names, or else the first that has its dead-letter queue.
 * @throws ReliqError `queue-not-served` where recovery serves none with that dead-letter queue
 */
export function sourceOf(
  queues: readonly RecoveredQueue[],
  deadLetterQueue: string,
  named: string | undefined,
): RecoveredQueue {
  const candidates = queues.filter((queue) => queue.deadLetterQueue === deadLetterQueue);
  const found = candidates.find(({ name }) => name === named) ?? candidates[0];
  if (found) return found;
  throw new ReliqError(
    "queue-not-served",
    `Recovery serves no queue whose dead-letter queue is ${deadLetterQueue}: add it to \`queues\`.`,
  );
}

const VARIABLE = "RELIQ_RECOVERED_QUEUES";
const SET_BY = "The Recovery construct";

/**
 * The queues that recovery serves, from the environment. They are written as short as they can be, since a function's environment has 4 KB: a
 * queue that says no URL lies beside the queue of reminders.
 * @throws ReliqError `environment`
 */
export function readRecoveredQueues(environment: NodeJS.ProcessEnv, wakeUpsUrl: string): readonly RecoveredQueue[] {
  const text = needText(environment, VARIABLE, "the queues that recovery serves, as JSON", SET_BY);
  const beside = wakeUpsUrl.slice(0, wakeUpsUrl.lastIndexOf("/") + 1);
  const queues = parseList(text)?.map((each) => readQueue(each, beside));
  if (queues?.every((queue) => queue !== undefined)) return queues;
  const takes = "a list of [name, dead-letter queue, maxReceiveCount, visibilitySeconds, url?], as JSON";
  throw refusedVariable(VARIABLE, text.slice(0, 200), takes, SET_BY);
}

function readQueue(value: unknown, beside: string): RecoveredQueue | undefined {
  if (!Array.isArray(value)) return undefined;
  const [name, deadLetterQueue, maxReceiveCount, visibilitySeconds, url = `${beside}${name}`] = value as unknown[];
  const texts = [name, deadLetterQueue, url].every((text) => typeof text === "string" && text !== "");
  if (!texts || !(Number(maxReceiveCount) >= 1) || !(Number(visibilitySeconds) >= 0)) return undefined;
  return { name, deadLetterQueue, maxReceiveCount, visibilitySeconds, url } as RecoveredQueue;
}

function parseList(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
