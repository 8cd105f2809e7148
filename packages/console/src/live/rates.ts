import type { LiveQueue, Rates } from "../contract/region.ts";
import type { HeardFacts } from "./live.tsx";

/** What a rate is read over, milliseconds. */
const WINDOW_MS = 10_000;

/** The rates of a queue over the last ten seconds, or by metrics where they are made of these. Facts are heard only when something changes: silence is a rate of 0. */
export function ratesOf(queue: string, past: readonly HeardFacts[], nowMs: number): Rates {
  const now = past.at(-1);
  const metered = now?.queues.find((each) => each.queue === queue)?.metered;
  if (metered) return metered;
  const before = past.findLast(({ heardAtMs }) => heardAtMs <= nowMs - WINDOW_MS) ?? past[0];
  if (!now || !before || now === before) return { accepted: 0, processed: 0 };
  const seconds = Math.max(1_000, Math.min(WINDOW_MS, nowMs - before.heardAtMs)) / 1_000;
  const [last, first] = [now, before].map((facts) => accountOf(queue, facts.queues));
  const rate = (place: keyof Rates): number => Math.max(0, ((last?.[place] ?? 0) - (first?.[place] ?? 0)) / seconds);
  return { accepted: rate("accepted"), processed: rate("processed") };
}

function accountOf(queue: string, queues: readonly LiveQueue[]): LiveQueue["account"] | undefined {
  return queues.find((each) => each.queue === queue)?.account;
}
