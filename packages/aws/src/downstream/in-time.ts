import { TimeoutFailure } from "@reliq/core";

/**
 * Starts work that has so long, and no longer than until its caller's signal is aborted; it may then go on unseen.
 * @throws TimeoutFailure where its time is over, the reason of the caller's signal, or what the work throws.
 */
export async function inTime<T>(
  name: string,
  work: (context: { readonly signal: AbortSignal }) => Promise<T>,
  timeoutSeconds: number,
  caller: AbortSignal | undefined,
): Promise<T> {
  const limit = new AbortController();
  const tooLate = (): void => limit.abort(new TimeoutFailure(`${name} had not answered after ${timeoutSeconds} s.`));
  const timer = setTimeout(tooLate, timeoutSeconds * 1_000);
  const signal = caller ? AbortSignal.any([caller, limit.signal]) : limit.signal;
  try {
    return await untilAborted(work({ signal }), signal);
  } finally {
    clearTimeout(timer);
  }
}

/** Settles as the work does, or rejects with the signal's reason once that is aborted. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason);
    signal.addEventListener("abort", giveUp);
    if (signal.aborted) giveUp();
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", giveUp));
  });
}
