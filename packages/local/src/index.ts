export type { Deployment } from "./assembly/deploy.ts";
export type { DeployedResource } from "./assembly/deployed-resources.ts";
export type { Jump, JumpRequest } from "./jumps.ts";
export { type Region, type RegionOptions, startRegion } from "./region.ts";
export type { RegionStatus } from "./region-status.ts";
export { resetState } from "./reset-state.ts";
