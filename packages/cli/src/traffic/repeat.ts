import { setTimeout as wait } from "node:timers/promises";

/** Does something, waits, and does it again, until a signal is aborted. @throws what the work throws */
export async function repeat(
  seconds: number,
  signal: AbortSignal,
  work: (round: number) => Promise<unknown>,
): Promise<void> {
  for (let round = 0; !signal.aborted; round++) {
    await work(round);
    await wait(seconds * 1_000, undefined, { signal }).catch(() => {});
  }
}
