export { type Region, type RegionOptions, startRegion } from "./region.ts";
