import type { Action } from "../../../kernel/service.ts";
import type { Cloudwatch } from "../cloudwatch.ts";
import { optionalChoice, optionalText } from "../input.ts";
import { readDimensionFilters, shownMetric } from "../metrics/metric.ts";
import { allMetrics } from "../metrics/metric-store.ts";
import { pageOf } from "../paging.ts";

/** The metrics of one answer (ListMetrics), and how young data is for `RecentlyActive`, milliseconds. */
const LARGEST_PAGE = 500;
const RECENT_MS = 3 * 3_600_000;

/** ListMetrics. */
export function listMetrics({ world, collector }: Cloudwatch): Action {
  return async (input) => {
    const namespace = optionalText(input, "Namespace");
    const name = optionalText(input, "MetricName");
    const filters = readDimensionFilters(input);
    const recently = optionalChoice(input, "RecentlyActive", ["PT3H"]) !== undefined;
    await collector.collect();
    const found = allMetrics(world.store).filter(
      (metric) =>
        (namespace === undefined || metric.namespace === namespace) &&
        (name === undefined || metric.name === name) &&
        (!recently || metric.lastAtMs >= world.clock.now() - RECENT_MS) &&
        filters.every((filter) =>
          metric.dimensions.some(
            ({ Name, Value }) => Name === filter.Name && (filter.Value === undefined || Value === filter.Value),
          ),
        ),
    );
    const page = pageOf(found, input, LARGEST_PAGE);
    return { Metrics: page.items.map(shownMetric), ...page.next };
  };
}
