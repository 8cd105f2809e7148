import type { World } from "../../../kernel/service.ts";
import type { MetricMinute } from "../../../kernel/service-metrics.ts";
import { dimensionsOf } from "./metric.ts";
import { type Datum, storeData } from "./metric-store.ts";

/** How many minutes of levels are made up for where time has jumped; before them the metrics have a gap. */
const MOST_MINUTES = 180;

const MINUTE_MS = 60_000;

/** Brings what the services count to the metric store. */
export interface Collector {
  /** Stores what was counted until now, and the levels of the minutes that have ended. */
  collect(): Promise<void>;
}

export function createCollector({ clock, store, metrics }: World): Collector {
  const minuteOf = (atMs: number): number => atMs - (atMs % MINUTE_MS);
  let levelsUntilMs = minuteOf(clock.now());
  const levels = (): readonly MetricMinute[] => {
    const untilMs = minuteOf(clock.now());
    const fromMs = Math.max(levelsUntilMs, untilMs - MOST_MINUTES * MINUTE_MS);
    levelsUntilMs = Math.max(levelsUntilMs, untilMs);
    const ends = Array.from({ length: (untilMs - fromMs) / MINUTE_MS }, (_, index) => fromMs + (index + 1) * MINUTE_MS);
    return ends.flatMap((endMs) => metrics.levelsAt(endMs));
  };
  return {
    collect: async () => {
      const minutes = [...metrics.takeCounts(), ...levels()];
      if (minutes.length > 0) await store.transaction(() => storeData(store, minutes.map(datumOf)));
    },
  };
}

function datumOf({ metric, atMs, tally, perSecond = false }: MetricMinute): Datum {
  const { namespace, name, dimensions, unit } = metric;
  return { metric: { namespace, name, dimensions: dimensionsOf(dimensions) }, atMs, unit, perSecond, tally };
}
