export { readAlarms, readDashboards, readMetrics } from "./cloudwatch-facts.ts";
export type { DeployedResource } from "./deployed-resource.ts";
export { FLOW_TYPES, flowOf, variablesOf } from "./flow.ts";
export { type GatheredSpans, gatherSpans } from "./gather-spans.ts";
export { idsOfFailure, type KnownFailure, readTrace, treeOf, withRemembered } from "./message-trace.ts";
export { stackResources } from "./stack-resources.ts";
export { traceCollector } from "./trace-collector.ts";
export { traceRows } from "./trace-rows.ts";
