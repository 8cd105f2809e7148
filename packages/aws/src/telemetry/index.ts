export { type BatchSeen, type EmfOptions, emfMetrics, type Metrics } from "./metrics.ts";
export { traced } from "./traced.ts";
