import type { Clock } from "../../../kernel/clock.ts";

/** Resolves once the clock has reached `atMs`, if given, or the signal is aborted. */
export function sleep(clock: Clock, atMs: number | undefined, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      cancel?.();
      signal.removeEventListener("abort", wake);
      resolve();
    };
    const cancel = atMs === undefined ? undefined : clock.at(atMs, wake);
    signal.addEventListener("abort", wake);
    if (signal.aborted) wake();
  });
}
