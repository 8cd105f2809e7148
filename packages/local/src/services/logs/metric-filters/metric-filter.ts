import type { Members } from "../../../kernel/service.ts";
import { METRIC_UNITS } from "../../../kernel/service-metrics.ts";
import { invalidParameter } from "../errors.ts";
import { optionalText, requiredText } from "../input.ts";
import { type FilterPattern, readFilterPattern } from "../patterns/filter-pattern.ts";

/** What a filter makes of the events that fit. */
interface Transformation {
  readonly metricName: string;
  readonly metricNamespace: string;
  /** A number, or the field that holds it: `$.latency`, `$size`. */
  readonly metricValue: string;
  /** The value of a minute in which events came and none fits. */
  readonly defaultValue?: number;
  /** Names, and the fields that hold the values. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit: string;
}

export interface MetricFilter {
  readonly name: string;
  readonly pattern: string;
  readonly transformation: Transformation;
  readonly createdAt: number;
}

/** The most dimensions of a filter's metric (PutMetricFilter). */
const MOST_DIMENSIONS = 3;

/** Reads a filter, whose pattern is checked too. @throws InvalidParameterException */
export function readMetricFilter(input: Members): Omit<MetricFilter, "createdAt"> {
  const name = requiredText(input, "filterName");
  if (!/^[^:*]{1,512}$/.test(name)) {
    throw invalidParameter(
      `1 validation error detected: Value '${name}' at 'filterName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*`,
    );
  }
  const pattern = optionalText(input, "filterPattern");
  if (pattern === undefined) throw invalidParameter("The parameter filterPattern is required; empty fits every event.");
  readFilterPattern(pattern);
  const transformations: unknown = input["metricTransformations"];
  if (!Array.isArray(transformations) || transformations.length !== 1) {
    throw invalidParameter(
      "1 validation error detected: Value at 'metricTransformations' failed to satisfy constraint: Member must have one transformation",
    );
  }
  return { name, pattern, transformation: readTransformation(transformations[0] as Members) };
}

function readTransformation(input: Members): Transformation {
  const metricValue = requiredText(input, "metricValue");
  if (!metricValue.startsWith("$") && !Number.isFinite(Number(metricValue))) {
    throw invalidParameter(
      `Invalid metric transformation: metricValue ${metricValue} is neither a number nor a field.`,
    );
  }
  const unit = optionalText(input, "unit") ?? "None";
  if (!METRIC_UNITS.includes(unit)) {
    throw invalidParameter(`Invalid metric transformation: unit ${unit} is not one of ${METRIC_UNITS.join(", ")}.`);
  }
  const dimensions = readDimensions(input["dimensions"] ?? {});
  const defaultValue = input["defaultValue"] ?? undefined;
  if (defaultValue !== undefined && !Number.isFinite(Number(defaultValue))) {
    throw invalidParameter(`Invalid metric transformation: defaultValue ${String(defaultValue)} is no number.`);
  }
  if (defaultValue !== undefined && Object.keys(dimensions).length > 0) {
    throw invalidParameter(
      "Invalid metric transformation: dimensions and default value are mutually exclusive properties.",
    );
  }
  return {
    metricName: requiredText(input, "metricName"),
    metricNamespace: requiredText(input, "metricNamespace"),
    metricValue,
    dimensions,
    unit,
    ...(defaultValue !== undefined && { defaultValue: Number(defaultValue) }),
  };
}

function readDimensions(given: unknown): Record<string, string> {
  const entries = typeof given === "object" && given !== null ? Object.entries(given) : [];
  if (entries.length > MOST_DIMENSIONS || !entries.every(([, field]) => /^\$/.test(String(field)))) {
    throw invalidParameter(
      `Invalid metric transformation: dimensions are at most ${MOST_DIMENSIONS} names, each with a field that begins with $.`,
    );
  }
  return Object.fromEntries(entries.map(([name, field]) => [name, String(field)]));
}

/** A filter, ready to be held against events. */
export interface ReadyFilter extends MetricFilter {
  readonly match: FilterPattern;
}

/** What an event that fits adds to the metric: nothing where its value or a dimension is no such. */
export function evaluateFilter(
  { match, transformation }: ReadyFilter,
  message: string,
): { readonly fits: boolean; readonly value?: number; readonly dimensions?: Readonly<Record<string, string>> } {
  const found = match(message);
  if (!found) return { fits: false };
  const { metricValue } = transformation;
  const text = metricValue.startsWith("$") ? found.valueOf(metricValue) : metricValue;
  const value = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) return { fits: true };
  const dimensions = Object.entries(transformation.dimensions).map(([name, field]) => [name, found.valueOf(field)]);
  if (dimensions.some(([, each]) => !each)) return { fits: true };
  return { fits: true, value, dimensions: Object.fromEntries(dimensions) };
}
