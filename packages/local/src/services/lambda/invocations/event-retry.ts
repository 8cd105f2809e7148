import type { InvokeConfig } from "./invoke-config.ts";

/** An asynchronous invocation that is not over. */
export interface QueuedEvent {
  readonly requestId: string;
  readonly functionName: string;
  readonly payload: string;
  readonly traceId: string | null;
  readonly acceptedAt: number;
  /** How often the function has run. */
  readonly attempts: number;
  /** How often no concurrency was left for it. */
  readonly throttles: number;
  readonly dueAt: number;
}

export type ExhaustedCondition = "EventAgeExceeded" | "RetriesExhausted";

export type Next =
  | { readonly kind: "retry"; readonly dueAt: number }
  | { readonly kind: "exhausted"; readonly condition: ExhaustedCondition };

/** How long Lambda waits before the second and before the third attempt, seconds (developer guide, asynchronous invocation). */
const RETRY_WAITS_SECONDS: readonly number[] = [60, 120];

/** Throttled events are tried again after 1 s, then longer, up to 5 minutes (the same page). */
const LONGEST_THROTTLE_WAIT_SECONDS = 300;

const DEFAULT_RETRIES = 2;
const DEFAULT_AGE_SECONDS = 21_600;

/** What follows an attempt that failed; `event` counts it already. */
export function afterFailure(event: QueuedEvent, config: InvokeConfig | undefined, nowMs: number): Next {
  if (event.attempts > (config?.maximumRetryAttempts ?? DEFAULT_RETRIES)) {
    return { kind: "exhausted", condition: "RetriesExhausted" };
  }
  return unlessTooOld(event, config, nowMs + (RETRY_WAITS_SECONDS[event.attempts - 1] ?? 120) * 1_000);
}

/** What follows an attempt for which no concurrency was left; `event` counts it already. */
export function afterThrottle(event: QueuedEvent, config: InvokeConfig | undefined, nowMs: number): Next {
  const seconds = Math.min(LONGEST_THROTTLE_WAIT_SECONDS, 2 ** (event.throttles - 1));
  return unlessTooOld(event, config, nowMs + seconds * 1_000);
}

function unlessTooOld(event: QueuedEvent, config: InvokeConfig | undefined, dueAt: number): Next {
  const ageSeconds = config?.maximumEventAgeSeconds ?? DEFAULT_AGE_SECONDS;
  if (dueAt > event.acceptedAt + ageSeconds * 1_000) return { kind: "exhausted", condition: "EventAgeExceeded" };
  return { kind: "retry", dueAt };
}
