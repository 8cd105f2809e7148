export { startTracing } from "./start-tracing.ts";
export { tracedClient } from "./traced-client.ts";
