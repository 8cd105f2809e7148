import type { Stage, Throttle } from "./http-api.ts";

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** Whether a request to a route of a stage may pass now. */
export type Throttles = (stage: Stage, routeKey: string, nowMs: number) => boolean;

/** Token buckets, one a route and stage; they are full at the region's start. */
export function createThrottles(): Throttles {
  const buckets = new Map<string, Bucket>();
  return (stage, routeKey, nowMs) => {
    const limit = throttleOf(stage, routeKey);
    if (!limit) return true;
    const key = `${stage.id} ${routeKey}`;
    const { passes, bucket } = take(buckets.get(key) ?? { tokens: limit.burst, atMs: nowMs }, limit, nowMs);
    buckets.set(key, bucket);
    return passes;
  };
}

/** The route's own limits before the stage's; a stage with neither is not throttled here. */
function throttleOf({ defaultThrottle, routeThrottles }: Stage, routeKey: string): Throttle | undefined {
  const { burst, ratePerSecond } = { ...defaultThrottle, ...routeThrottles[routeKey] };
  if (burst === undefined && ratePerSecond === undefined) return undefined;
  const rate = ratePerSecond ?? Number.POSITIVE_INFINITY;
  return { burst: burst ?? Math.ceil(rate), ratePerSecond: rate };
}

/** Takes a token from a bucket, where there is one (HTTP API developer guide, Throttle requests: the token bucket algorithm). */
export function take(
  { tokens, atMs }: Bucket,
  { burst, ratePerSecond }: Throttle,
  nowMs: number,
): { readonly passes: boolean; readonly bucket: Bucket } {
  const passedSeconds = Math.max(0, nowMs - atMs) / 1_000;
  const gained = passedSeconds === 0 ? 0 : passedSeconds * ratePerSecond;
  const filled = Math.min(burst, tokens + gained);
  const passes = filled >= 1;
  return { passes, bucket: { tokens: passes ? filled - 1 : filled, atMs: nowMs } };
}
