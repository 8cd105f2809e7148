import {
  type DeployedFunction,
  type DeployedMapping,
  type DeployedParts,
  type DeployedQueue,
  functionOf,
  isRecovery,
  queueOf,
} from "./deployment.ts";
import type { Finding, Rule } from "./finding.ts";

/** How many times the function's timeout a visibility timeout should be (Lambda's guide, "Creating and configuring an Amazon SQS event source mapping"). */
const TIMEOUTS = 6;

const LAMBDA_GUIDE = "Lambda's guide, Creating and configuring an Amazon SQS event source mapping";

/** A visibility timeout below the function's timeout: messages are received again while they are processed. */
export const visibilityBelowTimeout: Rule = (parts) =>
  consumed(parts).flatMap(({ queue, consumer, wantedSeconds }) =>
    queue.visibilitySeconds >= consumer.timeoutSeconds
      ? []
      : [
          {
            severity: "error",
            resource: queue.name,
            what: `Its visibility timeout is ${queue.visibilitySeconds} s, and ${consumer.name} may take ${consumer.timeoutSeconds} s.`,
            why: `A message becomes visible, and is processed again, while it still is being processed (${LAMBDA_GUIDE}).`,
            fix: fixOf(queue, wantedSeconds),
          },
        ],
  );

/** A visibility timeout below six times the function's timeout and the batching window. */
export const visibilityBelowSixTimeouts: Rule = (parts) =>
  consumed(parts).flatMap(({ queue, consumer, windowSeconds, wantedSeconds }): readonly Finding[] => {
    const { visibilitySeconds, name } = queue;
    if (isRecovery(consumer)) return [];
    if (visibilitySeconds < consumer.timeoutSeconds || visibilitySeconds >= wantedSeconds) return [];
    const window = windowSeconds > 0 ? ` and a batching window of ${windowSeconds} s` : "";
    return [
      {
        severity: "warning",
        resource: name,
        what: `Its visibility timeout is ${visibilitySeconds} s; six times the timeout of ${consumer.name} (${consumer.timeoutSeconds} s)${window} is ${wantedSeconds} s.`,
        why: `A batch whose first deliveries are throttled is received again while it is processed (${LAMBDA_GUIDE}).`,
        fix: fixOf(queue, wantedSeconds),
      },
    ];
  });

interface Consumed {
  readonly queue: DeployedQueue;
  readonly consumer: DeployedFunction;
  readonly windowSeconds: number;
  readonly wantedSeconds: number;
}

function consumed(parts: DeployedParts): readonly Consumed[] {
  return parts.mappings.flatMap((mapping: DeployedMapping) => {
    const queue = queueOf(parts, mapping.queueArn);
    const consumer = functionOf(parts, mapping);
    if (!queue || !consumer) return [];
    const { windowSeconds } = mapping;
    return [{ queue, consumer, windowSeconds, wantedSeconds: consumer.timeoutSeconds * TIMEOUTS + windowSeconds }];
  });
}

function fixOf({ name }: DeployedQueue, seconds: number): string {
  return `visibilityTimeout: Duration.seconds(${seconds}) of the queue, or aws sqs set-queue-attributes --queue-url <${name}> --attributes VisibilityTimeout=${seconds}`;
}
