import { setTimeout as wait } from "node:timers/promises";

/** Asks an address until it answers 200. */
export async function untilAnswered(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.status === 200) return;
    await wait(50);
  }
}
