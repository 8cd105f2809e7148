import type { World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import { invalidAttributeValue, unknownAttribute } from "./errors.ts";
import { checkRedriveAllowPolicy, checkRedrivePolicy } from "./redrive-policy.ts";

/** The largest message, and the largest batch, bytes (1 MiB; SQS quotas, "Message size"). */
export const LARGEST_MESSAGE_BYTES = 1_048_576;
/** The longest visibility timeout, seconds (12 hours). */
export const LONGEST_VISIBILITY_SECONDS = 43_200;
/** The longest delay, seconds (15 minutes). */
export const LONGEST_DELAY_SECONDS = 900;
/** The longest wait of a receive, seconds. */
export const LONGEST_WAIT_SECONDS = 20;

/** Limits and defaults of the numeric attributes (CreateQueue, "Attributes"). */
const NUMBERS: Readonly<Record<string, { least: number; most: number; initial?: number }>> = {
  VisibilityTimeout: { least: 0, most: LONGEST_VISIBILITY_SECONDS, initial: 30 },
  MaximumMessageSize: { least: 1_024, most: LARGEST_MESSAGE_BYTES, initial: LARGEST_MESSAGE_BYTES },
  MessageRetentionPeriod: { least: 60, most: 1_209_600, initial: 345_600 },
  DelaySeconds: { least: 0, most: LONGEST_DELAY_SECONDS, initial: 0 },
  ReceiveMessageWaitTimeSeconds: { least: 0, most: LONGEST_WAIT_SECONDS, initial: 0 },
  KmsDataKeyReusePeriodSeconds: { least: 60, most: 86_400 },
};

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  ContentBasedDeduplication: ["true", "false"],
  DeduplicationScope: ["queue", "messageGroup"],
  FifoThroughputLimit: ["perQueue", "perMessageGroupId"],
  SqsManagedSseEnabled: ["true", "false"],
};

const FIFO_ONLY: readonly string[] = ["ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"];

/** Every attribute that can be set on some queue. */
export const SETTABLE: readonly string[] = [
  ...Object.keys(NUMBERS),
  ...Object.keys(CHOICES),
  "FifoQueue",
  "KmsMasterKeyId",
  "Policy",
  "RedriveAllowPolicy",
  "RedrivePolicy",
];

/** The attributes of a queue for which nothing was asked. */
export function initialAttributes(fifo: boolean): Record<string, string> {
  const numbers = Object.entries(NUMBERS).flatMap(([name, { initial }]) =>
    initial === undefined ? [] : [[name, String(initial)]],
  );
  return {
    ...Object.fromEntries(numbers),
    SqsManagedSseEnabled: "true",
    ...(fifo && {
      FifoQueue: "true",
      ContentBasedDeduplication: "false",
      DeduplicationScope: "queue",
      FifoThroughputLimit: "perQueue",
    }),
  };
}

/**
 * A queue's attributes after some of them were set.
 * @throws InvalidAttributeName, InvalidAttributeValue or InvalidParameterValue
 */
export function withAttributes(
  world: World,
  queue: { readonly name: string; readonly fifo: boolean; readonly attributes: Readonly<Record<string, string>> },
  wanted: Readonly<Record<string, string>>,
): Record<string, string> {
  const attributes = { ...queue.attributes };
  for (const [name, value] of Object.entries(wanted)) attributes[name] = checkAttribute(world, queue, name, value);
  if (wanted["KmsMasterKeyId"] && wanted["SqsManagedSseEnabled"] === "true") throw twoEncryptions();
  if (wanted["KmsMasterKeyId"]) attributes["SqsManagedSseEnabled"] = "false";
  if (
    attributes["FifoThroughputLimit"] === "perMessageGroupId" &&
    attributes["DeduplicationScope"] !== "messageGroup"
  ) {
    throw invalidAttributeValue(
      "FifoThroughputLimit",
      "perMessageGroupId is allowed only where DeduplicationScope is messageGroup.",
    );
  }
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ""));
}

function checkAttribute(world: World, queue: { name: string; fifo: boolean }, name: string, value: string): string {
  if (FIFO_ONLY.includes(name) && !queue.fifo) throw unknownAttribute(name);
  if (name === "FifoQueue") return checkFifo(queue.fifo, value);
  if (name === "RedrivePolicy") return checkRedrivePolicy(world, queue, value);
  if (name === "RedriveAllowPolicy") return checkRedriveAllowPolicy(value);
  if (name === "Policy" || name === "KmsMasterKeyId") return value;
  const limits = NUMBERS[name];
  if (limits) return checkNumber(name, value, limits);
  const choices = CHOICES[name];
  if (!choices) throw unknownAttribute(name);
  if (!choices.includes(value)) throw invalidAttributeValue(name);
  return value;
}

function checkFifo(fifo: boolean, value: string): string {
  if (!fifo) throw unknownAttribute("FifoQueue");
  if (value === "true") return value;
  throw invalidAttributeValue("FifoQueue", "Modifying queue type is not supported.");
}

function checkNumber(name: string, value: string, { least, most }: { least: number; most: number }): string {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return String(number);
  throw invalidAttributeValue(name);
}

function twoEncryptions(): ServiceError {
  return new ServiceError(
    "InvalidAttributeName",
    "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.",
  );
}
