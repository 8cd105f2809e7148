import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { groupHolding, groupOrder, transactionalEffects } from "@reliq/core";
import { CLIENT_SETTINGS } from "../client-settings.ts";
import { commitTogether } from "../dynamodb/commit-together.ts";
import { consumerJournal } from "../dynamodb/consumer-journal.ts";
import { dynamodbQuarantine } from "../dynamodb/quarantine/quarantine.ts";
import { readSequences } from "../dynamodb/read-sequences.ts";
import { renewAll } from "../dynamodb/renew-all.ts";
import { LARGE_BODIES_BUCKET, needText, refusedVariable } from "../environment.ts";
import { logLines } from "../log-lines.ts";
import { s3Bodies } from "../s3/s3-bodies.ts";
import { sqsDeadLetters } from "../sqs/dead-letters.ts";
import { sqsVisibility } from "../sqs/visibility.ts";
import { timeLimit } from "../time-limit.ts";
import type { LambdaPorts } from "./lambda-handler.ts";

const SET_BY = "The Consumer construct";

/**
 * Makes the ports of a consumer from the environment that the Consumer construct sets: `RELIQ_JOURNAL_TABLE`,
 * `RELIQ_QUEUE_URL`, `RELIQ_MAX_RECEIVE_COUNT` and, where it fails fast, `RELIQ_DEAD_LETTER_QUEUE_URL`; where messages point
 * to large bodies, `RELIQ_LARGE_BODIES_BUCKET`, and no other bucket is read; where it holds groups, `RELIQ_QUARANTINE_TABLE`. `LOG_LEVEL` (`error`, `warn`, `info`) says
 * which lines are logged, all by default. Metrics are added to them:
 * `{ ...portsFromEnvironment(), metrics: emfMetrics() }`, with `emfMetrics` of `@reliq/aws/telemetry`.
 *
 * `process.env.RELIQ_FAIL_FAST` and its like are no settings: the constructs replace them by `"none"` in bundles of functions that
 * do not do such a thing, which then leave the code for it out.
 * @throws ReliqError `environment` that names a missing or wrong variable.
 */
export function portsFromEnvironment(environment: NodeJS.ProcessEnv = process.env): LambdaPorts {
  const table = needText(environment, "RELIQ_JOURNAL_TABLE", "the name of the journal's table", SET_BY);
  const queueUrl = needText(environment, "RELIQ_QUEUE_URL", "the URL of the queue that the function consumes", SET_BY);
  const maxReceiveCount = Number(environment["RELIQ_MAX_RECEIVE_COUNT"]);
  if (!Number.isInteger(maxReceiveCount) || maxReceiveCount < 1 || maxReceiveCount > 1_000) {
    const takes = "the queue's maxReceiveCount, 1 to 1000";
    throw refusedVariable("RELIQ_MAX_RECEIVE_COUNT", environment["RELIQ_MAX_RECEIVE_COUNT"], takes, SET_BY);
  }
  const deadLetterQueueUrl = environment["RELIQ_DEAD_LETTER_QUEUE_URL"];
  const quarantineTable = environment["RELIQ_QUARANTINE_TABLE"];
  const sqs = new SQSClient(CLIENT_SETTINGS);
  const dynamodb = new DynamoDBClient(CLIENT_SETTINGS);
  return {
    journal: {
      ...consumerJournal(dynamodb, table),
      ...(process.env["RELIQ_WORKER"] !== "none" && { renew: (claims) => renewAll(dynamodb, table, claims) }),
      ...(process.env["RELIQ_TRANSACTIONAL_EFFECT"] !== "none" && {
        lastSequences: (groups) => readSequences(dynamodb, table, groups),
      }),
    },
    ...(process.env["RELIQ_FIFO"] !== "none" && { groups: groupOrder }),
    ...(process.env["RELIQ_TRANSACTIONAL_EFFECT"] !== "none" && {
      effects: transactionalEffects({ commit: commitTogether(dynamodb, table, Date.now) }),
    }),
    visibility: sqsVisibility(sqs, queueUrl),
    maxReceiveCount,
    log: logLines(environment, SET_BY),
    now: Date.now,
    random: Math.random,
    timeLimit,
    // As an import statement it would cost each cold start 0.4 ms.
    newToken: process.getBuiltinModule("node:crypto").randomUUID,
    ...(process.env["RELIQ_LARGE_BODIES"] === "none" ? {} : largeBodies(environment)),
    ...(process.env["RELIQ_FAIL_FAST"] !== "none" &&
      deadLetterQueueUrl && { deadLetters: sqsDeadLetters(sqs, deadLetterQueueUrl) }),
    ...(process.env["RELIQ_QUARANTINE"] !== "none" &&
      quarantineTable && { quarantine: groupHolding(dynamodbQuarantine(dynamodb, quarantineTable)) }),
  };
}

/** The port `bodies`, where messages may point to a bucket. */
function largeBodies(environment: NodeJS.ProcessEnv): Pick<LambdaPorts, "bodies"> {
  const bucket = environment[LARGE_BODIES_BUCKET];
  if (bucket === undefined) return {};
  if (bucket === "") throw refusedVariable(LARGE_BODIES_BUCKET, bucket, "the name of a bucket", SET_BY);
  return { bodies: s3Bodies({ buckets: [bucket] }) };
}
