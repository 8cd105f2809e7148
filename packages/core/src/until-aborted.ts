import { ReliqError } from "./errors.ts";

/** Those that wait until one signal is aborted. */
export interface Waits {
  readonly signal: AbortSignal;
  readonly waiting: Set<() => void>;
  /** Leaves the signal alone; whoever still waits then waits on. */
  readonly end: () => void;
}

/** One listener for all that wait on a signal at once: a listener each costs as much as a short handler. */
export function waitsOn(signal: AbortSignal): Waits {
  const waiting = new Set<() => void>();
  const giveUp = (): void => {
    for (const each of waiting) each();
  };
  signal.addEventListener("abort", giveUp);
  return { signal, waiting, end: () => signal.removeEventListener("abort", giveUp) };
}

/**
 * Starts work and settles as it does, or rejects with what `tooLate` makes once the signal is aborted; the work may then go
 * on unseen. Work whose time is over from the start is not started.
 */
export function untilAborted<T>(
  work: () => Promise<T> | T,
  { signal, waiting }: Waits,
  tooLate: () => Error,
): Promise<T> {
  if (signal.aborted) return Promise.reject(tooLate());
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(tooLate());
    waiting.add(giveUp);
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
export async function inTime<T>(port: string, ask: () => Promise<T>, deadline: AbortSignal): Promise<T> {
  const waits = waitsOn(deadline);
  try {
    return await untilAborted(ask, waits, () => {
      const message = `${port} had not answered when the batch's answer was due.`;
      return new ReliqError("port-late", message, { retryable: true });
    });
  } finally {
    waits.end();
  }
}
