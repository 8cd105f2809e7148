import type { Service, World } from "../../kernel/service.ts";
import { createLogGroup } from "./actions/create-log-group.ts";
import { createLogStream } from "./actions/create-log-stream.ts";
import { deleteLogGroup } from "./actions/delete-log-group.ts";
import { deleteRetentionPolicy } from "./actions/delete-retention-policy.ts";
import { describeLogGroups } from "./actions/describe-log-groups.ts";
import { describeLogStreams } from "./actions/describe-log-streams.ts";
import { filterLogEvents } from "./actions/filter-log-events.ts";
import { getLogEvents } from "./actions/get-log-events.ts";
import { putLogEvents } from "./actions/put-log-events.ts";
import { putRetentionPolicy } from "./actions/put-retention-policy.ts";
import { definitionActions, queryDefinitionProvider } from "./insights/definitions.ts";
import { queryActions } from "./insights/run-query.ts";
import { createLogMetrics } from "./log-metrics.ts";
import { metricFilterActions } from "./metric-filters/actions.ts";
import { openFilterCatalog } from "./metric-filters/filter-catalog.ts";
import { metricFilterProvider } from "./metric-filters/resources.ts";
import { logGroupProvider } from "./resources.ts";
import { removeExpiredEvents } from "./retention.ts";
import { SCHEMA } from "./schema.ts";

/** How often events past their retention are removed, ms. */
const CLEANING_MS = 3_600_000;

/** What of the language of queries is carried out. */
const QUERIES =
  "commands fields, filter, stats, sort, limit and display; =, <, <=, >, >=, like, =~, in, and, or, not, + - * /, ispresent and bin; count, count_distinct, sum, avg, min, max and pct";

/** Amazon CloudWatch Logs: groups, streams and events. */
export function logsService(world: World): Service {
  const { store, clock } = world;
  store.define(SCHEMA);
  const filters = openFilterCatalog(world);
  let cancelCleaning = (): void => {};
  const clean = async (): Promise<void> => {
    cancelCleaning = clock.at(clock.now() + CLEANING_MS, () => void clean());
    // A store that cannot be written has reported it; the next round tries again.
    await removeExpiredEvents(world).catch(() => {});
  };
  return {
    name: "logs",
    actions: {
      ...metricFilterActions(filters),
      ...definitionActions(world),
      ...queryActions(world),
      CreateLogGroup: createLogGroup(world),
      CreateLogStream: createLogStream(world),
      DeleteLogGroup: deleteLogGroup(world, filters),
      DeleteRetentionPolicy: deleteRetentionPolicy(world),
      DescribeLogGroups: describeLogGroups(world, filters),
      DescribeLogStreams: describeLogStreams(world),
      FilterLogEvents: filterLogEvents(world),
      GetLogEvents: getLogEvents(world),
      PutLogEvents: putLogEvents(world, createLogMetrics(world, filters)),
      PutRetentionPolicy: putRetentionPolicy(world),
    },
    partly: {
      CreateLogGroup: "tags, encryption and class are not kept",
      GetQueryResults:
        "a query has ended when it is started; its answer is kept until 100 others came, or the region stops",
      StartQuery: QUERIES,
    },
    json: { targetPrefix: "Logs_20140328", version: "1.1", errorNamespace: "com.amazonaws.logs.v20140328" },
    resources: {
      "AWS::Logs::LogGroup": logGroupProvider(world, filters),
      "AWS::Logs::MetricFilter": metricFilterProvider(filters),
      "AWS::Logs::QueryDefinition": queryDefinitionProvider(world),
    },
    start: clean,
    stop: async () => cancelCleaning(),
  };
}
