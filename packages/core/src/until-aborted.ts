import { ReliqError } from "./errors.ts";

/** Who waits, by signal: one listener for all, as long as the signal lives; a listener each costs as much as a short handler. */
const waitingOn = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Starts work and settles as it does, or rejects with what `tooLate` makes once the signal is aborted; the work may then go
 * on unseen. Work whose time is over from the start is not started.
 */
export function untilAborted<T>(work: () => Promise<T> | T, signal: AbortSignal, tooLate: () => Error): Promise<T> {
  if (signal.aborted) return Promise.reject(tooLate());
  const waiting = waitersOf(signal);
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(tooLate());
    waiting.add(giveUp);
    // A handler may throw, or give back what is no promise.
    Promise.resolve(work()).then(
      (value) => {
        waiting.delete(giveUp);
        resolve(value);
      },
      (error: unknown) => {
        waiting.delete(giveUp);
        reject(error);
      },
    );
  });
}

/**
 * Asks a port and waits no longer than until the batch's answer is due.
 * @throws what the port throws, or ReliqError `port-late` that names the port.
 */
export function inTime<T>(port: string, ask: () => Promise<T>, deadline: AbortSignal): Promise<T> {
  return untilAborted(ask, deadline, () => {
    const message = `${port} had not answered when the batch's answer was due.`;
    return new ReliqError("port-late", message, { retryable: true });
  });
}

function waitersOf(signal: AbortSignal): Set<() => void> {
  const known = waitingOn.get(signal);
  if (known) return known;
  const waiting = new Set<() => void>();
  signal.addEventListener("abort", () => {
    for (const giveUp of waiting) giveUp();
    waiting.clear();
  });
  waitingOn.set(signal, waiting);
  return waiting;
}
