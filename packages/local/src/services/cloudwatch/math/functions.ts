import { invalidValue } from "../errors.ts";
import type { Span } from "../metrics/metric-store.ts";
import type { Series } from "../metrics/series.ts";
import { mapSeries, mapValue, numberValue, seriesOf, seriesValue, type Value } from "./value.ts";

/** A metric math function. @throws InvalidParameterValue for inputs that it does not take */
type MathFunction = (inputs: readonly Value[], span: Span) => Value;

/** The functions that are served, by name; METRICS is not among them, since it looks at the queries. */
export const FUNCTIONS: ReadonlyMap<string, MathFunction> = new Map<string, MathFunction>([
  ["ABS", ([value]) => mapValue(value, "ABS", Math.abs)],
  ["AVG", over("AVG", (values) => values.reduce((sum, each) => sum + each, 0) / values.length)],
  ["CEIL", ([value]) => mapValue(value, "CEIL", Math.ceil)],
  ["DIFF", ([value]) => mapSeries(value, "DIFF", (series) => changes(series, (change) => change))],
  ["FILL", fill],
  ["FLOOR", ([value]) => mapValue(value, "FLOOR", Math.floor)],
  ["IF", choose],
  ["MAX", over("MAX", (values) => Math.max(...values))],
  ["MIN", over("MIN", (values) => Math.min(...values))],
  ["PERIOD", (_inputs, span) => numberValue(span.periodSeconds)],
  ["RATE", ([value]) => mapSeries(value, "RATE", (series) => changes(series, (change, ms) => change / (ms / 1_000)))],
  ["SUM", over("SUM", (values) => values.reduce((sum, each) => sum + each, 0))],
]);

/** Of an array, the series of what each moment has; of one series, a number. */
function over(name: string, reduce: (values: readonly number[]) => number): MathFunction {
  return (inputs) => {
    const [only] = inputs;
    if (inputs.length === 1 && only?.kind === "series") {
      return only.series.size === 0 ? seriesValue(only.series) : numberValue(reduce([...only.series.values()]));
    }
    const all = inputs.flatMap((each) => seriesOf(each, name));
    return seriesValue(
      new Map(
        momentsOf(all).map((at) => [
          at,
          reduce(all.map((each) => each.get(at)).filter((value) => value !== undefined)),
        ]),
      ),
    );
  };
}

function momentsOf(all: readonly Series[]): readonly number[] {
  return [...new Set(all.flatMap((each) => [...each.keys()]))].sort((a, b) => a - b);
}

/** What each value has over the one before it. */
function changes(series: Series, rate: (change: number, ms: number) => number): Series {
  const points = [...series];
  return new Map(
    points.slice(1).map(([at, value], index) => {
      const [before = 0, previous = 0] = points[index] ?? [];
      return [at, rate(value - previous, at - before)];
    }),
  );
}

function fill([value, filler]: readonly Value[], span: Span): Value {
  if (!filler || filler.kind === "array")
    throw invalidValue("FILL takes a filler: a number, a time series, REPEAT or LINEAR.");
  return mapSeries(value, "FILL", (series) => {
    const known = [...series];
    const result = new Map<number, number>();
    for (let at = span.fromMs; at < span.untilMs; at += span.periodSeconds * 1_000) {
      const filled = series.get(at) ?? fillerAt(filler, known, at);
      if (filled !== undefined) result.set(at, filled);
    }
    return result;
  });
}

function fillerAt(
  filler: Value,
  known: readonly (readonly [at: number, value: number])[],
  at: number,
): number | undefined {
  if (filler.kind === "number") return filler.value;
  if (filler.kind === "series") return filler.series.get(at);
  const before = known.findLast(([each]) => each < at);
  if (filler.kind !== "text" || filler.text === "REPEAT") return before?.[1];
  const after = known.find(([each]) => each > at);
  if (!before || !after) return undefined;
  return before[1] + ((after[1] - before[1]) * (at - before[0])) / (after[0] - before[0]);
}

function choose(inputs: readonly Value[]): Value {
  const [condition, yes, no] = inputs;
  if (!condition || !yes || inputs.length > 3) throw invalidValue("IF takes a condition and one or two values.");
  if (condition.kind === "number") return condition.value !== 0 ? yes : (no ?? seriesValue(new Map()));
  return mapSeries(condition, "IF", (series) => {
    const result = new Map<number, number>();
    for (const [at, holds] of series) {
      const value = valueAt(holds !== 0 ? yes : no, at);
      if (value !== undefined) result.set(at, value);
    }
    return result;
  });
}

function valueAt(value: Value | undefined, at: number): number | undefined {
  if (value?.kind === "number") return value.value;
  return value === undefined ? undefined : seriesOf(value, "IF")[0]?.get(at);
}
