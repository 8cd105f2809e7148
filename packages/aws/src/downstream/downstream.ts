import {
  bulkhead,
  ExponentialBackoff,
  fullJitterGenerator,
  handleWhen,
  type IPolicy,
  noop,
  type Policy,
  retry,
  wrap,
} from "cockatiel";
import { createBreaker, DEFAULT_OPEN_SECONDS } from "./breaker.ts";
import { isInTrouble, TryFailed, toThrown } from "./failures.ts";
import { inTime, untilAborted } from "./in-time.ts";
import {
  type BreakerOptions,
  type BreakerState,
  type BulkheadOptions,
  checkDownstream,
  type DownstreamOptions,
  type RetryOptions,
} from "./options.ts";
import { type CallEnd, createSharedBreaker, type SharedBreaker } from "./shared-breaker.ts";

/** Calls to one service, with their limits. Make one a service and process: its breaker and its bulkhead are shared by all its calls. */
export interface Downstream {
  /**
   * Calls the service: `work` gets a signal that is aborted when its time is over. A caller that aborts `signal` is not kept waiting.
   * @throws Deferral where the breaker is open or the bulkhead is full, and `work` has not run: let it through, and the message goes
   * back without having failed. TimeoutFailure, ThrottledFailure or DependencyFailure, with the last error as its cause, where the
   * service is in trouble; any other error as `work` threw it; the reason of `signal` where that is aborted.
   */
  call<T>(
    work: (context: { readonly signal: AbortSignal }) => Promise<T>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<T>;
  /** The breaker's state at this moment. */
  state(): BreakerState;
  /** Whether a call now would be refused because the service is in trouble: a time to take no messages for it. */
  isOpen(): boolean;
}

/**
 * Makes calls to a service safe: a time limit, retries, a breaker and a bulkhead, in this process alone; the
 * breaker with other instances where it is `sharedBy` them.
 * @throws ReliqError `downstream-option` that names an unknown or wrong option, its value and what it takes.
 */
export function downstream(name: string, options: DownstreamOptions = {}): Downstream {
  checkDownstream(name, options);
  const { timeoutSeconds = 10, isFailure = isInTrouble, onChange } = options;
  const counted = handleWhen((error) => error instanceof TryFailed && error.counts);
  let told: BreakerState = "closed";
  const tell = (): void => {
    const state = stateNow();
    if (state === told) return;
    told = state;
    onChange?.({ downstream: name, state });
  };
  const breaker = createBreaker(counted, options.breaker, (state) => {
    if (state === "open") shared?.opened();
    tell();
  });
  const shared = createShared(name, options.breaker, timeoutSeconds, tell);
  const stateNow = (): BreakerState => worse(breaker.state(), shared?.state() ?? "closed");
  const policy = wrap(createBulkhead(options.bulkhead), createRetry(counted, options.retry), breaker.policy);
  return {
    state: stateNow,
    isOpen: () => stateNow() === "open",
    call: async (work, { signal } = {}) => {
      signal?.throwIfAborted();
      const leave = shared?.enter();
      const tries: TryFailed[] = [];
      const tryOnce = async (): Promise<Awaited<ReturnType<typeof work>>> => {
        // After a wait of the bulkhead's or of a retry, which an abort does not end.
        signal?.throwIfAborted();
        try {
          return await inTime(name, work, timeoutSeconds, signal);
        } catch (error) {
          // The caller's abort says nothing of the service, but a breaker that is trying must not take it for an answer.
          const counts = signal?.aborted ? breaker.state() === "half-open" : isFailure(error);
          const failed = new TryFailed(error, counts);
          tries.push(failed);
          throw failed;
        }
      };
      try {
        const answer = await untilAborted(policy.execute(tryOnce, signal), signal);
        leave?.("answered");
        return answer;
      } catch (error) {
        leave?.(endOf(tries, signal));
        if (signal?.aborted) throw signal.reason;
        throw toThrown(name, error, tries, breaker.openForSeconds());
      }
    },
  };
}

/** A call that its caller gave up, or that never came to a try, says nothing of the service. */
function endOf(tries: readonly TryFailed[], signal: AbortSignal | undefined): CallEnd {
  const last = tries.at(-1);
  if (!last || signal?.aborted) return "unknown";
  return last.counts ? "in-trouble" : "answered";
}

function worse(one: BreakerState, other: BreakerState): BreakerState {
  if (one === "open" || other === "open") return "open";
  return one === "half-open" ? one : other;
}

function createShared(
  name: string,
  options: BreakerOptions | undefined,
  timeoutSeconds: number,
  onChange: () => void,
): SharedBreaker | undefined {
  const { sharedBy, askSeconds = 5, openSeconds = DEFAULT_OPEN_SECONDS } = options ?? {};
  const tryingSeconds = Math.ceil(Math.min(timeoutSeconds, openSeconds)) + 1;
  return sharedBy && createSharedBreaker(name, sharedBy, { askSeconds, openSeconds, tryingSeconds }, onChange);
}

function createBulkhead(options: BulkheadOptions | undefined): IPolicy {
  return options ? bulkhead(options.concurrent, options.waiting ?? 0) : noop;
}

function createRetry(counted: Policy, options: RetryOptions | undefined): IPolicy {
  if (!options) return noop;
  const { retries = 2, baseSeconds = 0.1, capSeconds = 2 } = options;
  const [initialDelay, maxDelay] = [baseSeconds * 1_000, capSeconds * 1_000];
  const backoff = new ExponentialBackoff({ initialDelay, maxDelay, generator: fullJitterGenerator });
  return retry(counted, { maxAttempts: retries, backoff });
}
