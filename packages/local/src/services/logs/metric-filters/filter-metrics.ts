import type { World } from "../../../kernel/service.ts";
import type { LogEvent } from "../log-metrics.ts";
import type { FilterCatalog, PlacedFilter } from "./filter-catalog.ts";
import { evaluateFilter } from "./metric-filter.ts";

const MINUTE_MS = 60_000;

/** Counts what the metric filters of a group make of its events. */
export type FilterMetrics = (groupName: string, events: readonly LogEvent[]) => void;

/** A filter's default is the value of a minute in which events came and none fits; it is there once that minute is over. */
export function createFilterMetrics({ metrics }: World, filters: FilterCatalog): FilterMetrics {
  // By minute, the filters with a default under which events came, and whether one fits.
  const minutes = new Map<number, Map<PlacedFilter, boolean>>();
  metrics.sample(function* (endMs) {
    for (const [startMs, seen] of minutes) {
      if (startMs >= endMs) continue;
      minutes.delete(startMs);
      if (startMs !== endMs - MINUTE_MS) continue;
      for (const [{ transformation }, fitted] of seen) {
        const { metricNamespace: namespace, metricName: name, unit, defaultValue } = transformation;
        if (!fitted && defaultValue !== undefined) yield [{ namespace, name, unit, dimensions: {} }, defaultValue];
      }
    }
  });
  return (groupName, events) => {
    const ofGroup = filters.of(groupName);
    // Event by event: what filters read of one, they read once.
    for (const event of ofGroup.length > 0 ? events : []) {
      for (const filter of ofGroup) {
        const { fits, value, dimensions = {} } = evaluateFilter(filter, event.message);
        const { metricNamespace: namespace, metricName: name, unit, defaultValue } = filter.transformation;
        const atMs = event.timestamp;
        if (value !== undefined) {
          metrics.record({ metric: { namespace, name, unit, dimensions }, atMs, value, perSecond: false });
        }
        if (defaultValue !== undefined) note(minutes, filter, atMs, fits);
      }
    }
  };
}

function note(minutes: Map<number, Map<PlacedFilter, boolean>>, filter: PlacedFilter, atMs: number, fits: boolean) {
  const startMs = atMs - (atMs % MINUTE_MS);
  const seen = minutes.get(startMs) ?? new Map<PlacedFilter, boolean>();
  minutes.set(startMs, seen);
  seen.set(filter, fits || seen.get(filter) === true);
}
