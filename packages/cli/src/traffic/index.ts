export { repeat } from "./repeat.ts";
export type { RunningSystem, Traffic } from "./traffic.ts";
