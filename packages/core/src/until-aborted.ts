import { ReliqError } from "./errors.ts";

/**
 * Starts work and settles as it does, or rejects with what `tooLate` makes once the signal is aborted; the work may then go
 * on unseen. Work whose time is over from the start is not started.
 */
export async function untilAborted<T>(work: () => Promise<T>, signal: AbortSignal, tooLate: () => Error): Promise<T> {
  if (signal.aborted) throw tooLate();
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(tooLate());
    signal.addEventListener("abort", giveUp);
    work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", giveUp));
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
