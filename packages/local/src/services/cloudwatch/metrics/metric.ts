import type { Members } from "../../../kernel/service.ts";
import { METRIC_UNITS } from "../../../kernel/service-metrics.ts";
import { invalidValue, missing } from "../errors.ts";
import { optionalText, requiredText, structures } from "../input.ts";

/** What identifies a metric. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  /** Sorted by name: their order does not count. */
  readonly dimensions: readonly Dimension[];
}

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

/** The most dimensions of a metric (CloudWatch quotas). */
const MOST_DIMENSIONS = 30;

/** The metric that a request or a datum names. @throws InvalidParameterValue */
export function readMetric(input: Members, namespace: string = requiredText(input, "Namespace")): Metric {
  if (namespace.length > 255 || !/^[^:][\x20-\x7e]*$/.test(namespace)) {
    throw invalidValue(`The value ${namespace} for parameter Namespace is invalid.`);
  }
  return { namespace, name: requiredText(input, "MetricName"), dimensions: readDimensions(input) };
}

/** @throws InvalidParameterValue */
function readDimensions(input: Members): readonly Dimension[] {
  const given = structures(input, "Dimensions").map((each) => ({
    Name: requiredText(each, "Name"),
    Value: requiredText(each, "Value"),
  }));
  if (given.length > MOST_DIMENSIONS) {
    throw invalidValue(`A metric has at most ${MOST_DIMENSIONS} dimensions, not ${given.length}.`);
  }
  return sorted(given);
}

/** Dimensions of which the value may be left out, as ListMetrics takes them. */
export function readDimensionFilters(input: Members): readonly { readonly Name: string; readonly Value?: string }[] {
  return structures(input, "Dimensions").map((each) => {
    const Value = optionalText(each, "Value");
    return { Name: requiredText(each, "Name"), ...(Value !== undefined && { Value }) };
  });
}

/** The dimensions that an object names. */
export function dimensionsOf(values: Readonly<Record<string, string>>): readonly Dimension[] {
  return sorted(Object.entries(values).map(([Name, Value]) => ({ Name, Value })));
}

function sorted(dimensions: readonly Dimension[]): readonly Dimension[] {
  return dimensions.toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
}

/** The metric as the API shows it. */
export function shownMetric({ namespace, name, dimensions }: Metric): Members {
  return { Namespace: namespace, MetricName: name, Dimensions: dimensions };
}

/** @throws InvalidParameterValue for a unit that there is not (StandardUnit) */
export function readUnit(input: Members): string | undefined {
  const unit = optionalText(input, "Unit");
  if (unit === undefined || METRIC_UNITS.includes(unit)) return unit;
  throw invalidValue(`The value ${unit} for parameter Unit is invalid: it must be one of ${METRIC_UNITS.join(", ")}.`);
}

/** A period in seconds: 1, 5, 10, 20, 30 or a multiple of 60 (GetMetricData). @throws InvalidParameterValue */
export function readPeriod(value: number | undefined): number {
  if (value === undefined) throw missing("Period");
  if ([1, 5, 10, 20, 30].includes(value) || (value > 0 && value % 60 === 0)) return value;
  throw invalidValue(
    `The value ${value} for parameter Period is invalid: it must be 1, 5, 10, 20, 30 or a multiple of 60.`,
  );
}
