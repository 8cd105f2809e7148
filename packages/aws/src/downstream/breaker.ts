import {
  CircuitState,
  ConsecutiveBreaker,
  CountBreaker,
  circuitBreaker,
  type IPolicy,
  noop,
  type Policy,
} from "cockatiel";
import type { BreakerOptions, BreakerState } from "./options.ts";

/** A breaker and what it says of itself. */
export interface Breaker {
  readonly policy: IPolicy;
  state(): BreakerState;
  /** How long it stays open yet, seconds; 0 where it is not open. */
  openForSeconds(): number;
}

/** How long a breaker stays open where nothing says so, seconds. */
export const DEFAULT_OPEN_SECONDS = 30;

/** Without options, a breaker that never opens. */
export function createBreaker(
  counted: Policy,
  options: BreakerOptions | undefined,
  onChange: (state: BreakerState) => void,
): Breaker {
  if (!options) return { policy: noop, state: () => "closed", openForSeconds: () => 0 };
  const { consecutiveFailures = 5, failureRatio, ofCalls = 20, openSeconds = DEFAULT_OPEN_SECONDS } = options;
  const rule =
    failureRatio === undefined
      ? new ConsecutiveBreaker(consecutiveFailures)
      : new CountBreaker({ threshold: failureRatio, size: ofCalls });
  const policy = circuitBreaker(counted, { breaker: rule, halfOpenAfter: openSeconds * 1_000 });
  let openUntilMs = 0;
  policy.onBreak(() => {
    openUntilMs = Date.now() + openSeconds * 1_000;
  });
  policy.onStateChange((state) => onChange(nameOf(state)));
  const openForSeconds = (): number =>
    policy.state === CircuitState.Open ? Math.max(0, openUntilMs - Date.now()) / 1_000 : 0;
  return {
    policy,
    openForSeconds,
    // The policy itself notices only at the next call that its time is over.
    state: () => (policy.state === CircuitState.Open && openForSeconds() === 0 ? "half-open" : nameOf(policy.state)),
  };
}

function nameOf(state: CircuitState): BreakerState {
  switch (state) {
    case CircuitState.Closed:
      return "closed";
    case CircuitState.HalfOpen:
      return "half-open";
    default:
      return "open";
  }
}
