export { type Downstream, downstream } from "./downstream.ts";
export type {
  BreakerChange,
  BreakerOptions,
  BreakerState,
  BulkheadOptions,
  DownstreamOptions,
  RetryOptions,
} from "./options.ts";
export type { SharedBreakers } from "./shared-breaker.ts";
