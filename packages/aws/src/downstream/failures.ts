import {
  categoryOf,
  Deferral,
  DependencyFailure,
  type FailureCategory,
  isDeferral,
  ThrottledFailure,
  TimeoutFailure,
} from "@reliq/core";
import { isBrokenCircuitError, isBulkheadRejectedError } from "cockatiel";

/** How one try failed, and whether that says that the service is in trouble. */
export class TryFailed extends Error {
  readonly counts: boolean;

  constructor(cause: unknown, counts: boolean) {
    super("a try failed", { cause });
    this.counts = counts;
  }
}

/** The kinds of failure that are the service's trouble, and not the call's. */
const IN_TROUBLE: ReadonlySet<FailureCategory> = new Set(["dependency", "throttled", "timeout"]);

/** Whether an error says that the service is in trouble, where the caller has no rule of its own. */
export function isInTrouble(error: unknown): boolean {
  return !isDeferral(error) && IN_TROUBLE.has(categoryOf(error));
}

/** When a message comes back that found no place, seconds. */
const NO_PLACE_SECONDS = 5;

/** What a call throws at its end. Once it has tried, it has failed; before that it can be deferred, and nothing has happened. */
export function toThrown(name: string, error: unknown, tries: readonly TryFailed[], openForSeconds: number): unknown {
  const last = tries.at(-1);
  if (last) return last.counts ? inTrouble(name, tries.length, last.cause) : last.cause;
  if (isBrokenCircuitError(error)) {
    const retryAfterSeconds = Math.max(1, Math.ceil(openForSeconds));
    return new Deferral(`The breaker of ${name} is open.`, { retryAfterSeconds, cause: error });
  }
  if (isBulkheadRejectedError(error)) {
    const options = { retryAfterSeconds: NO_PLACE_SECONDS, cause: error };
    return new Deferral(`As many calls to ${name} are at work as may be.`, options);
  }
  return error;
}

function inTrouble(name: string, tries: number, cause: unknown): Error {
  const message = `${name} failed ${tries === 1 ? "once" : `${tries} times`}: ${String(cause)}`;
  switch (categoryOf(cause)) {
    case "timeout":
      return new TimeoutFailure(message, { cause });
    case "throttled":
      return new ThrottledFailure(message, { cause });
    default:
      return new DependencyFailure(message, { cause });
  }
}
