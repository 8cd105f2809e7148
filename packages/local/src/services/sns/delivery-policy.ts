import type { Members } from "../../kernel/service.ts";
import { invalidParameter } from "./errors.ts";
import { isMap, readJsonMap } from "./input.ts";

/** How often and when a failed delivery is tried again; delays are seconds (developer guide, "Message delivery retries"). */
export interface RetryPolicy {
  readonly numRetries: number;
  readonly numNoDelayRetries: number;
  readonly numMinDelayRetries: number;
  readonly numMaxDelayRetries: number;
  readonly minDelayTarget: number;
  readonly maxDelayTarget: number;
  readonly backoffFunction: "linear" | "arithmetic" | "geometric" | "exponential";
}

/** For endpoints that AWS runs: queues and functions. */
export const AWS_MANAGED: RetryPolicy = {
  numRetries: 100_015,
  numNoDelayRetries: 3,
  numMinDelayRetries: 2,
  numMaxDelayRetries: 100_000,
  minDelayTarget: 1,
  maxDelayTarget: 20,
  backoffFunction: "exponential",
};

const HTTP_DEFAULT: RetryPolicy = {
  numRetries: 3,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  numMaxDelayRetries: 0,
  minDelayTarget: 20,
  maxDelayTarget: 20,
  backoffFunction: "linear",
};

/** The least and the most of each number, and the longest time that all retries may take, seconds (developer guide, "Creating an HTTP/S delivery policy"). */
const LIMITS: Readonly<Record<string, readonly [number, number]>> = {
  numRetries: [0, 100],
  numNoDelayRetries: [0, 100],
  numMinDelayRetries: [0, 100],
  numMaxDelayRetries: [0, 100],
  minDelayTarget: [1, 3_600],
  maxDelayTarget: [1, 3_600],
};
const LONGEST_RETRY_SECONDS = 3_600;

const FUNCTIONS: readonly unknown[] = ["linear", "arithmetic", "geometric", "exponential"];

/**
 * The delay before a retry, seconds, or undefined when there is none left. `retry` counts from 0. The backoff goes from the least to
 * the greatest delay: evenly, by squares, by an equal factor, or by that factor's square; AWS adds jitter, and publishes no formula.
 */
export function retryDelaySeconds(policy: RetryPolicy, retry: number): number | undefined {
  const { numRetries, numNoDelayRetries, numMinDelayRetries, numMaxDelayRetries, minDelayTarget, maxDelayTarget } =
    policy;
  if (retry >= numRetries) return undefined;
  if (retry < numNoDelayRetries) return 0;
  const step = retry - numNoDelayRetries - numMinDelayRetries;
  if (step < 0) return minDelayTarget;
  const steps = numRetries - numNoDelayRetries - numMinDelayRetries - numMaxDelayRetries;
  if (step >= steps) return maxDelayTarget;
  const part = steps === 1 ? 0 : step / (steps - 1);
  const factor = maxDelayTarget / minDelayTarget;
  switch (policy.backoffFunction) {
    case "linear":
      return minDelayTarget + (maxDelayTarget - minDelayTarget) * part;
    case "arithmetic":
      return minDelayTarget + (maxDelayTarget - minDelayTarget) * part ** 2;
    case "geometric":
      return minDelayTarget * factor ** part;
    case "exponential":
      return minDelayTarget * factor ** (part ** 2);
  }
}

/** Checks a topic's DeliveryPolicy. @throws InvalidParameter */
export function checkTopicPolicy(text: string): void {
  const { http, ...others } = readJsonMap(text, "DeliveryPolicy");
  refuseOthers(others, "DeliveryPolicy");
  if (http === undefined) return;
  if (!isMap(http)) throw invalidParameter("DeliveryPolicy: http must be an object");
  const {
    defaultHealthyRetryPolicy,
    disableSubscriptionOverrides,
    defaultThrottlePolicy,
    defaultRequestPolicy,
    ...rest
  } = http;
  refuseOthers(rest, "DeliveryPolicy: http");
  readRetryPolicy(defaultHealthyRetryPolicy);
}

/** Checks a subscription's DeliveryPolicy. @throws InvalidParameter */
export function checkSubscriptionPolicy(text: string): void {
  const { healthyRetryPolicy, throttlePolicy, requestPolicy, sicklyRetryPolicy, guaranteed, ...others } = readJsonMap(
    text,
    "DeliveryPolicy",
  );
  refuseOthers(others, "DeliveryPolicy");
  readRetryPolicy(healthyRetryPolicy);
}

function refuseOthers(others: Members, where: string): void {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalidParameter(`${where}: unexpected JSON member: ${unknown}`);
}

function readRetryPolicy(given: unknown): RetryPolicy {
  if (given === undefined || given === null) return HTTP_DEFAULT;
  if (!isMap(given)) throw invalidParameter("DeliveryPolicy: a retry policy must be an object");
  for (const [name, value] of Object.entries(given)) {
    const [least, most] = LIMITS[name] ?? [0, -1];
    const valid =
      name === "backoffFunction"
        ? FUNCTIONS.includes(value)
        : Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
    if (!valid)
      throw invalidParameter(`DeliveryPolicy: HealthyRetryPolicy.${name} is ${JSON.stringify(value)}; ${ruleOf(name)}`);
  }
  const policy = { ...HTTP_DEFAULT, ...given } as RetryPolicy;
  const { numRetries, numNoDelayRetries, numMinDelayRetries, numMaxDelayRetries, minDelayTarget, maxDelayTarget } =
    policy;
  if (maxDelayTarget < minDelayTarget)
    throw invalidParameter(
      "DeliveryPolicy: HealthyRetryPolicy.maxDelayTarget must be greater than or equal to minDelayTarget",
    );
  if (numNoDelayRetries + numMinDelayRetries + numMaxDelayRetries > numRetries)
    throw invalidParameter(
      "DeliveryPolicy: HealthyRetryPolicy.numRetries must be greater than or equal to the sum of the other numbers",
    );
  if (totalSeconds(policy) > LONGEST_RETRY_SECONDS)
    throw invalidParameter(
      `DeliveryPolicy: the retries must not take more than ${LONGEST_RETRY_SECONDS} seconds together`,
    );
  return policy;
}

function ruleOf(name: string): string {
  if (name === "backoffFunction") return `it must be one of ${FUNCTIONS.join(", ")}`;
  const limits = LIMITS[name];
  return limits ? `it must be a whole number from ${limits[0]} to ${limits[1]}` : "there is no such member";
}

function totalSeconds(policy: RetryPolicy): number {
  return Array.from({ length: policy.numRetries }, (_, retry) => retryDelaySeconds(policy, retry) ?? 0).reduce(
    (sum, delay) => sum + delay,
    0,
  );
}

/** The delivery policy in force of a topic, as GetTopicAttributes shows it. */
export function effectiveTopicPolicy(text: string | undefined): Members {
  const http = httpOf(text);
  return {
    http: {
      ...http,
      defaultHealthyRetryPolicy: readRetryPolicy(http["defaultHealthyRetryPolicy"]),
      disableSubscriptionOverrides: http["disableSubscriptionOverrides"] ?? false,
    },
  };
}

/** The delivery policy in force of an HTTP subscription: its own, unless its topic disables that, else its topic's. */
export function effectivePolicy(
  topicText: string | undefined,
  subscriptionText: string | undefined,
): { readonly healthyRetryPolicy: RetryPolicy; readonly contentType: string } {
  const http = httpOf(topicText);
  const own =
    subscriptionText === undefined || http["disableSubscriptionOverrides"] === true ? {} : JSON.parse(subscriptionText);
  const request = own["requestPolicy"] ?? http["defaultRequestPolicy"] ?? {};
  return {
    healthyRetryPolicy: readRetryPolicy(own["healthyRetryPolicy"] ?? http["defaultHealthyRetryPolicy"]),
    contentType: request["headerContentType"] ?? "text/plain; charset=UTF-8",
  };
}

function httpOf(text: string | undefined): Members {
  return text === undefined ? {} : (JSON.parse(text)["http"] ?? {});
}
