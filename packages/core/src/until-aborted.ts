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
