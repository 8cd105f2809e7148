import type { Clock } from "../../../kernel/clock.ts";

/** Resolves once the clock has reached `atMs`, if given, or the signal is aborted. */
export function sleep(clock: Clock, atMs: number | undefined, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let cancel = (): void => {};
    const wake = (): void => {
      cancel();
      signal.removeEventListener("abort", wake);
      resolve();
    };
    if (atMs !== undefined) cancel = clock.at(atMs, wake);
    signal.addEventListener("abort", wake);
    if (signal.aborted) wake();
  });
}
