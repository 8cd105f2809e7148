import { CfnQueryDefinition, type ILogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";

/** The saved queries, by name. */
const QUERIES: Readonly<Record<string, string>> = {
  errors: `fields @timestamp, @log, event, category, errorName, message, messageId, correlationId
| filter level = "error" or @message like /\\tERROR\\t|Task timed out|Status: error/
| sort @timestamp desc
| limit 100`,
  performance: `filter @type = "REPORT"
| stats count(*) as invocations, avg(@duration) as averageMs, pct(@duration, 95) as p95Ms, pct(@duration, 99) as p99Ms, max(@duration) as longestMs, max(@maxMemoryUsed / 1000000) as memoryMb by @log
| sort p99Ms desc`,
  idempotency: `filter ispresent(Duplicate)
| stats sum(Processed) as processed, sum(Duplicate) as repeated, sum(Failed) as failed by Queue, bin(5m) as time
| sort time desc`,
  "failure-modes": `filter event = "attempt-failed"
| stats count(*) as attempts, count_distinct(messageId) as messages by queue, category, errorName
| sort attempts desc`,
};

/** Defines the saved queries over log groups, under a name. */
export function defineQueries(scope: Construct, name: string, logGroups: readonly ILogGroup[]): void {
  for (const [id, queryString] of Object.entries(QUERIES)) {
    new CfnQueryDefinition(scope, id, {
      name: `${name}/${id}`,
      queryString,
      logGroupNames: logGroups.map(({ logGroupName }) => logGroupName),
    });
  }
}
