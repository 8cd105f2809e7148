export { type Region, type RegionOptions, startRegion } from "./region.ts";
export { resetState } from "./reset-state.ts";
