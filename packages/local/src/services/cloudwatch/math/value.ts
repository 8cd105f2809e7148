import { invalidValue } from "../errors.ts";
import type { Series } from "../metrics/series.ts";

/** What an expression gives: a number, a series by time, or an array of series. */
export type Value =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "series"; readonly series: Series }
  | { readonly kind: "array"; readonly all: readonly Series[] };

export function numberValue(value: number): Value {
  return { kind: "number", value };
}

export function seriesValue(series: Series): Value {
  return { kind: "series", series };
}

/** The series of a value, one or many. @throws InvalidParameterValue for a number or a text */
export function seriesOf(value: Value | undefined, where: string): readonly Series[] {
  if (value?.kind === "series") return [value.series];
  if (value?.kind === "array") return value.all;
  throw invalidValue(`${where} takes a time series.`);
}

/** Applies a function to each value of a number, a series or an array; where a series gets no finite value (a division by zero), it has none. */
export function mapValue(value: Value | undefined, where: string, change: (value: number) => number): Value {
  if (value?.kind === "number") return numberValue(change(value.value));
  return mapSeries(value, where, (series) => {
    const changed = [...series].map(([at, each]) => [at, change(each)] as const);
    return new Map(changed.filter(([, each]) => Number.isFinite(each)));
  });
}

/** Applies a function to each series. @throws InvalidParameterValue for a number or a text */
export function mapSeries(value: Value | undefined, where: string, change: (series: Series) => Series): Value {
  const all = seriesOf(value, where).map(change);
  return value?.kind === "series" ? seriesValue(all[0] ?? new Map()) : { kind: "array", all };
}

/**
 * Joins two values at each moment that both have; a number counts at every moment, and a series goes with each series of an array.
 * @throws InvalidParameterValue for texts, and for two arrays
 */
export function combine(left: Value, right: Value, join: (left: number, right: number) => number): Value {
  if (left.kind === "number" && right.kind === "number") return numberValue(join(left.value, right.value));
  if (left.kind === "number") return mapValue(right, "An operator", (value) => join(left.value, value));
  if (right.kind === "number") return mapValue(left, "An operator", (value) => join(value, right.value));
  if (left.kind === "array" && right.kind === "array") {
    throw invalidValue("An operator takes one array of time series at most.");
  }
  const many = left.kind === "array" ? left : right;
  return mapSeries(many, "An operator", (series) => {
    const [first, second] =
      left.kind === "array" ? [series, seriesOf(right, "An operator")[0]] : [seriesOf(left, "An operator")[0], series];
    return joined(first ?? new Map(), second ?? new Map(), join);
  });
}

function joined(left: Series, right: Series, join: (left: number, right: number) => number): Series {
  const result = new Map<number, number>();
  for (const [at, value] of left) {
    const other = right.get(at);
    const both = other === undefined ? undefined : join(value, other);
    if (both !== undefined && Number.isFinite(both)) result.set(at, both);
  }
  return result;
}
