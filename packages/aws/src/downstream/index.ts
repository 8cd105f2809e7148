export { type Downstream, downstream } from "./downstream.ts";
export type {
  BreakerChange,
  BreakerOptions,
  BreakerState,
  BulkheadOptions,
  DownstreamOptions,
  RetryOptions,
} from "./options.ts";
