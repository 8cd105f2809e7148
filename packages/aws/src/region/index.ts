export { readAlarms, readDashboards, readMetrics } from "./cloudwatch-facts.ts";
export type { DeployedResource } from "./deployed-resource.ts";
export { FLOW_TYPES, flowOf, variablesOf } from "./flow.ts";
export { stackResources } from "./stack-resources.ts";
