import type { Members } from "../../kernel/service.ts";
import { METRIC_UNITS, type MetricValue } from "../../kernel/service-metrics.ts";

/** Limits of the format (CloudWatch user guide, "Embedded metric format specification"). */
const MOST_DIMENSIONS = 30;
const MOST_METRICS = 100;
const MOST_VALUES = 100;
const LONGEST_NAMESPACE = 255;
const LONGEST_NAME = 1_024;

/** How far a metric may lie from now, milliseconds (the same page: two weeks back, two hours ahead). */
const OLDEST_MS = 14 * 86_400_000;
const NEWEST_MS = 2 * 3_600_000;

/** What a log line carries: values, or what is wrong with it, as CloudWatch counts it. */
export type EmbeddedMetrics =
  | { readonly kind: "none" }
  | { readonly kind: "values"; readonly values: readonly MetricValue[] }
  | { readonly kind: "wrong"; readonly counted: "EMFParsingErrors" | "EMFValidationErrors" };

/** Reads a log line in the embedded metric format; what Lambda writes before the document is passed over. */
export function readEmbeddedMetrics(message: string, nowMs: number): EmbeddedMetrics {
  // Most lines are no such document, and must cost nothing.
  if (!message.includes('"_aws"')) return { kind: "none" };
  const document = parseObject(message.slice(Math.max(0, message.indexOf("{"))));
  if (!document) return { kind: "wrong", counted: "EMFParsingErrors" };
  const metadata = Object.hasOwn(document, "_aws") ? asObject(document["_aws"]) : undefined;
  if (!metadata || metadata["CloudWatchMetrics"] === undefined) return { kind: "none" };
  const { Timestamp: atMs, CloudWatchMetrics: directives } = metadata;
  const timely =
    typeof atMs === "number" && Number.isInteger(atMs) && atMs >= nowMs - OLDEST_MS && atMs <= nowMs + NEWEST_MS;
  if (!timely || !Array.isArray(directives)) return { kind: "wrong", counted: "EMFValidationErrors" };
  const values: MetricValue[] = [];
  for (const directive of directives) {
    const read = readDirective(document, directive, atMs);
    if (!read) return { kind: "wrong", counted: "EMFValidationErrors" };
    values.push(...read);
  }
  return { kind: "values", values };
}

function parseObject(text: string): Members | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Members | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : undefined;
}

/** The values of one directive, each in each of its dimension sets; undefined where it breaks the format. */
function readDirective(document: Members, given: unknown, atMs: number): readonly MetricValue[] | undefined {
  const directive = asObject(given);
  const namespace = directive?.["Namespace"];
  const metrics = directive?.["Metrics"];
  const sets = readDimensionSets(document, directive?.["Dimensions"] ?? [[]]);
  if (!isName(namespace, LONGEST_NAMESPACE) || namespace.startsWith(":") || !sets) return undefined;
  if (!Array.isArray(metrics) || metrics.length > MOST_METRICS) return undefined;
  const result: MetricValue[] = [];
  for (const given of metrics) {
    const metric = readDefinition(given);
    if (!metric) return undefined;
    const { name, unit, perSecond } = metric;
    // A metric whose value is not there is left out, not the document.
    const values = Object.hasOwn(document, name) ? readValues(document[name]) : [];
    if (!values) return undefined;
    for (const dimensions of sets) {
      for (const value of values)
        result.push({ metric: { namespace, name, unit, dimensions }, atMs, value, perSecond });
    }
  }
  return result;
}

function readDimensionSets(document: Members, sets: unknown): readonly Record<string, string>[] | undefined {
  if (!Array.isArray(sets)) return undefined;
  const result: Record<string, string>[] = [];
  for (const set of sets.length === 0 ? [[]] : sets) {
    if (!Array.isArray(set) || set.length > MOST_DIMENSIONS) return undefined;
    const entries = set.map((name: unknown) => [name, Object.hasOwn(document, String(name)) && document[String(name)]]);
    if (!entries.every(([name, value]) => isName(name) && isName(value))) return undefined;
    result.push(Object.fromEntries(entries));
  }
  return result;
}

function readDefinition(given: unknown) {
  const { Name: name, Unit: unit = "None", StorageResolution: resolution = 60 } = asObject(given) ?? {};
  if (!isName(name) || typeof unit !== "string" || !METRIC_UNITS.includes(unit)) return undefined;
  if (resolution !== 1 && resolution !== 60) return undefined;
  return { name, unit, perSecond: resolution === 1 };
}

function readValues(given: unknown): readonly number[] | undefined {
  const values: readonly unknown[] = Array.isArray(given) ? given : [given];
  const fit = values.length <= MOST_VALUES && values.every((each) => typeof each === "number" && Number.isFinite(each));
  return fit ? (values as readonly number[]) : undefined;
}

function isName(value: unknown, longest = LONGEST_NAME): value is string {
  return typeof value === "string" && value.trim() !== "" && value.length <= longest;
}
