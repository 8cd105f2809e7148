import type { Action, Members } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import { invalidParameter } from "../errors.ts";
import { groupNameOf, integerWithin, optionalText, requiredText, texts } from "../input.ts";
import { pageOf } from "../paging.ts";
import { readFilterPattern } from "../patterns/filter-pattern.ts";
import type { FilterCatalog, PlacedFilter } from "./filter-catalog.ts";
import { readMetricFilter } from "./metric-filter.ts";

/** The most filters of one page (DescribeMetricFilters), and the most events of a test (TestMetricFilter). */
const LARGEST_PAGE = 50;
const MOST_EVENTS = 50;

/** The actions of metric filters. */
export function metricFilterActions(filters: FilterCatalog): Record<string, Action> {
  return {
    PutMetricFilter: async (input) => {
      await filters.put(groupNameOf(input), readMetricFilter(input));
      return {};
    },
    DeleteMetricFilter: async (input) => {
      if (await filters.remove(groupNameOf(input), requiredText(input, "filterName"))) return {};
      throw new ServiceError("ResourceNotFoundException", "The specified metric filter does not exist.");
    },
    DescribeMetricFilters: (input) => describe(filters, input),
    TestMetricFilter: (input) => test(input),
  };
}

function describe(filters: FilterCatalog, input: Members): Members {
  const prefix = optionalText(input, "filterNamePrefix") ?? "";
  const metricName = optionalText(input, "metricName");
  const namespace = optionalText(input, "metricNamespace");
  const all = input["logGroupName"] === undefined ? filters.all() : filters.of(groupNameOf(input));
  const fit = all.filter(
    ({ name, transformation }) =>
      name.startsWith(prefix) &&
      (metricName === undefined || transformation.metricName === metricName) &&
      (namespace === undefined || transformation.metricNamespace === namespace),
  );
  const limit = integerWithin(input, "limit", 1, LARGEST_PAGE) ?? LARGEST_PAGE;
  const key = ({ groupName, name }: PlacedFilter): string => `${groupName}:${name}`;
  const page = pageOf(fit, key, optionalText(input, "nextToken"), limit);
  return { metricFilters: page.items.map(shown), ...page.next };
}

function shown({ groupName, name, pattern, transformation, createdAt }: PlacedFilter): Members {
  const { dimensions, ...rest } = transformation;
  return {
    filterName: name,
    filterPattern: pattern,
    metricTransformations: [{ ...rest, ...(Object.keys(dimensions).length > 0 && { dimensions }) }],
    creationTime: createdAt,
    logGroupName: groupName,
  };
}

function test(input: Members): Members {
  const match = readFilterPattern(optionalText(input, "filterPattern") ?? "");
  const events = texts(input, "logEventMessages");
  if (events.length === 0 || events.length > MOST_EVENTS) {
    throw invalidParameter(
      `1 validation error detected: Value at 'logEventMessages' failed to satisfy constraint: Member must have 1 to ${MOST_EVENTS} messages`,
    );
  }
  return {
    matches: events.flatMap((eventMessage, index) => {
      const found = match(eventMessage);
      return found ? [{ eventNumber: index + 1, eventMessage, extractedValues: found.extracted }] : [];
    }),
  };
}
