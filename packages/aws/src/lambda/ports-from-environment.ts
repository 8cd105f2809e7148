import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { type LogLine, ReliqError } from "@reliq/core";
import { dynamodbJournal } from "../dynamodb/journal.ts";
import { sqsDeadLetters } from "../sqs/dead-letters.ts";
import { sqsVisibility } from "../sqs/visibility.ts";
import { emfMetrics } from "../telemetry/metrics.ts";
import { timeLimit } from "../time-limit.ts";
import type { LambdaPorts } from "./lambda-handler.ts";

/**
 * Makes the ports of a consumer from the environment that the Consumer construct sets: `RELIQ_JOURNAL_TABLE`,
 * `RELIQ_QUEUE_URL`, `RELIQ_MAX_RECEIVE_COUNT` and, where it fails fast, `RELIQ_DEAD_LETTER_QUEUE_URL`. `RELIQ_METRICS=emf`
 * writes metrics to the log, from where CloudWatch takes them.
 * @throws ReliqError `environment` that names a missing or wrong variable.
 */
export function portsFromEnvironment(environment: NodeJS.ProcessEnv = process.env): LambdaPorts {
  const table = needText(environment, "RELIQ_JOURNAL_TABLE", "the name of the journal's table");
  const queueUrl = needText(environment, "RELIQ_QUEUE_URL", "the URL of the queue that the function consumes");
  const maxReceiveCount = Number(environment["RELIQ_MAX_RECEIVE_COUNT"]);
  if (!Number.isInteger(maxReceiveCount) || maxReceiveCount < 1 || maxReceiveCount > 1_000) {
    const takes = "the queue's maxReceiveCount, 1 to 1000";
    throw missing("RELIQ_MAX_RECEIVE_COUNT", environment["RELIQ_MAX_RECEIVE_COUNT"], takes);
  }
  const metrics = environment["RELIQ_METRICS"];
  if (metrics !== undefined && metrics !== "emf") throw missing("RELIQ_METRICS", metrics, "emf");
  const deadLetterQueueUrl = environment["RELIQ_DEAD_LETTER_QUEUE_URL"];
  const sqs = new SQSClient({});
  return {
    journal: dynamodbJournal(new DynamoDBClient({}), table),
    visibility: sqsVisibility(sqs, queueUrl),
    maxReceiveCount,
    log: writeLogLine,
    now: Date.now,
    random: Math.random,
    timeLimit,
    newToken: randomUUID,
    ...(metrics && { metrics: emfMetrics() }),
    ...(deadLetterQueueUrl && { deadLetters: sqsDeadLetters(sqs, deadLetterQueueUrl) }),
  };
}

function needText(environment: NodeJS.ProcessEnv, variable: string, takes: string): string {
  const value = environment[variable];
  if (!value) throw missing(variable, value, takes);
  return value;
}

function missing(variable: string, value: string | undefined, takes: string): ReliqError {
  const is = value === undefined ? "is not set" : `is ${JSON.stringify(value)}`;
  return new ReliqError(
    "environment",
    `The environment variable ${variable} ${is}; it takes ${takes}. The Consumer construct sets it.`,
  );
}

/** One JSON line on stdout, which Lambda ships to the function's log group. */
function writeLogLine(line: LogLine): void {
  console.log(JSON.stringify({ time: new Date().toISOString(), ...line }));
}
