import type { ResourceProvider } from "../../../kernel/resource.ts";
import type { Members } from "../../../kernel/service.ts";
import { groupNameOf } from "../input.ts";
import type { FilterCatalog } from "./filter-catalog.ts";
import { readMetricFilter } from "./metric-filter.ts";

/** `AWS::Logs::MetricFilter`. */
export function metricFilterProvider(filters: FilterCatalog): ResourceProvider {
  return {
    supported: ["FilterName", "FilterPattern", "LogGroupName", "MetricTransformations"],
    put: async ({ properties, name }) => {
      const groupName = groupNameOf({ logGroupName: properties["LogGroupName"] });
      const filter = readMetricFilter({
        filterName: properties["FilterName"] ?? name,
        filterPattern: properties["FilterPattern"],
        metricTransformations: (properties["MetricTransformations"] as Members[] | undefined)?.map(transformationOf),
      });
      await filters.put(groupName, filter);
      return { ref: filter.name, attributes: {} };
    },
    remove: async ({ ref }) => {
      // Names that a template leaves out are the resource's own; one that it gives may be on several groups, each put again.
      for (const { groupName, name } of filters.all()) if (name === ref) await filters.remove(groupName, name);
    },
  };
}

/** What a template writes, as PutMetricFilter takes it. */
function transformationOf(given: Members): Members {
  const dimensions = given["Dimensions"] as readonly { Key: string; Value: string }[] | undefined;
  return {
    metricName: given["MetricName"],
    metricNamespace: given["MetricNamespace"],
    metricValue: given["MetricValue"] === undefined ? undefined : String(given["MetricValue"]),
    defaultValue: given["DefaultValue"],
    unit: given["Unit"],
    dimensions: dimensions && Object.fromEntries(dimensions.map(({ Key, Value }) => [Key, Value])),
  };
}
