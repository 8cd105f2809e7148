export { type EmfMeasuresOptions, emfMeasures, type Measure, type Measures } from "./measures.ts";
export { type BatchSeen, type EmfOptions, emfMetrics, type Metrics } from "./metrics.ts";
export { type StatsdOptions, statsdMeasures } from "./statsd-measures.ts";
export { traced } from "./traced.ts";
