import type { World } from "../../kernel/service.ts";
import { readEmbeddedMetrics } from "./embedded-metrics.ts";
import type { FilterCatalog } from "./metric-filters/filter-catalog.ts";
import { createFilterMetrics } from "./metric-filters/filter-metrics.ts";

export interface LogEvent {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

/** Makes metrics of log events that are stored. */
export interface LogMetrics {
  /** Counts what the events of a group carry and what its metric filters make of them; nothing is written. */
  count(groupName: string, events: readonly LogEvent[]): void;
}

export function createLogMetrics(world: World, filters: FilterCatalog): LogMetrics {
  const { metrics, clock } = world;
  const countFiltered = createFilterMetrics(world, filters);
  return {
    count: (groupName, events) => {
      countFiltered(groupName, events);
      for (const { message } of events) {
        const read = readEmbeddedMetrics(message, clock.now());
        if (read.kind === "values") for (const value of read.values) metrics.record(value);
        // CloudWatch Logs user guide, "Monitoring with CloudWatch metrics".
        if (read.kind === "wrong") {
          const dimensions = { LogGroupName: groupName };
          const metric = { namespace: "AWS/Logs", name: read.counted, unit: "Count", dimensions };
          metrics.record({ metric, atMs: clock.now(), value: 1, perSecond: false });
        }
      }
    },
  };
}
