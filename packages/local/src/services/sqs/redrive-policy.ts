import type { World } from "../../kernel/service.ts";
import { invalidValue } from "./errors.ts";
import { allQueues, findQueue, type Queue, queueArn, queueNameOfArn } from "./queue.ts";

/** Where a queue's dead letters go, and after how many receives. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** The most receives before a message is a dead letter (SetQueueAttributes, RedrivePolicy). */
const MOST_RECEIVES = 1_000;

/** The policy of a queue, or undefined where it has none. */
export function redrivePolicy(queue: Queue): RedrivePolicy | undefined {
  const text = queue.attributes["RedrivePolicy"];
  if (!text) return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(text);
  return { deadLetterTargetArn, maxReceiveCount: Number(maxReceiveCount) };
}

/** The queues whose dead letters go to this one. */
export function sourcesOf(world: World, target: Queue): Queue[] {
  const arn = queueArn(world, target.name);
  return allQueues(world.store).filter((each) => redrivePolicy(each)?.deadLetterTargetArn === arn);
}

/**
 * Checks a RedrivePolicy that is being set, and gives it as it is kept.
 * @throws InvalidParameterValue
 */
export function checkRedrivePolicy(world: World, source: { name: string; fifo: boolean }, text: string): string {
  if (text === "") return "";
  const refuse = (reason: string) => invalidValue(text, "RedrivePolicy", reason);
  const policy = parseObject(text);
  if (!policy) throw refuse("Redrive policy is not a valid JSON map.");
  const { deadLetterTargetArn: arn, maxReceiveCount, ...others } = policy;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw refuse(`Unknown attribute ${unknown}.`);
  if (arn === undefined) throw refuse("Redrive policy does not contain mandatory attribute: deadLetterTargetArn.");
  if (maxReceiveCount === undefined) {
    throw refuse("Redrive policy does not contain mandatory attribute: maxReceiveCount.");
  }
  const receives = Number(maxReceiveCount);
  if (!Number.isInteger(receives) || receives < 1 || receives > MOST_RECEIVES) {
    throw refuse("Invalid value for maxReceiveCount: must be an integer from 1 to 1000.");
  }
  if (typeof arn !== "string" || !/^arn:aws[\w-]*:sqs:[^:]+:\d+:[^:]+$/.test(arn)) {
    throw refuse("Invalid value for deadLetterTargetArn.");
  }
  const target = findQueue(world.store, queueNameOfArn(world, arn) ?? "");
  if (!target) throw refuse("Dead letter target does not exist.");
  if (target.name === source.name) throw refuse("Dead letter target must be another queue.");
  if (target.fifo !== source.fifo) throw refuse("Dead-letter queue must be same type of queue as the source.");
  if (!allows(target, queueArn(world, source.name))) {
    throw refuse(`Queue ${arn} does not allow this queue to use it as a dead-letter queue.`);
  }
  return JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: receives });
}

/** Checks a RedriveAllowPolicy that is being set. @throws InvalidParameterValue */
export function checkRedriveAllowPolicy(text: string): string {
  if (text === "") return "";
  const refuse = (reason: string) => invalidValue(text, "RedriveAllowPolicy", reason);
  const policy = parseObject(text);
  if (!policy) throw refuse("Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format.");
  const { redrivePermission, sourceQueueArns } = policy;
  if (!["allowAll", "denyAll", "byQueue"].includes(redrivePermission as string)) {
    throw refuse("redrivePermission must be allowAll, denyAll or byQueue.");
  }
  const named = Array.isArray(sourceQueueArns) && sourceQueueArns.length >= 1 && sourceQueueArns.length <= 10;
  if (redrivePermission === "byQueue" && !named) throw refuse("byQueue needs 1 to 10 sourceQueueArns.");
  if (redrivePermission !== "byQueue" && sourceQueueArns !== undefined) {
    throw refuse("sourceQueueArns is valid only with byQueue.");
  }
  return text;
}

function allows(target: Queue, sourceArn: string): boolean {
  const policy = parseObject(target.attributes["RedriveAllowPolicy"] || "{}") ?? {};
  if (policy["redrivePermission"] === "denyAll") return false;
  if (policy["redrivePermission"] !== "byQueue") return true;
  return (policy["sourceQueueArns"] as string[]).includes(sourceArn);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
