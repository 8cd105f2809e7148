import { ReliqError } from "./errors.ts";

/**
 * Settles as `work` does, or rejects with what `tooLate` makes once the signal is aborted; the work may then go on unseen.
 * @throws what `work` throws, or what `tooLate` makes.
 */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal, tooLate: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(tooLate());
    signal.addEventListener("abort", giveUp);
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", giveUp));
    if (signal.aborted) giveUp();
  });
}

/**
 * Waits for a port's answer until the batch's own answer is due.
 * @throws what the port throws, or a retryable ReliqError `<port>-late`.
 */
export function beforeDeadline<T>(work: Promise<T>, deadline: AbortSignal, port: string): Promise<T> {
  return untilAborted(work, deadline, () => {
    const message = `The ${port} had not answered when the batch's answer was due.`;
    return new ReliqError(`${port}-late`, message, { retryable: true });
  });
}
