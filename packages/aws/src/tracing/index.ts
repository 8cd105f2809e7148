export { activeTraceHeader } from "./active-trace-header.ts";
export { startTracing } from "./start-tracing.ts";
export { tracedClient } from "./traced-client.ts";
