import type { Tally } from "../../../kernel/tally.ts";
import { invalidValue, notServed } from "../errors.ts";

const BASIC: Readonly<Record<string, (tally: Tally) => number>> = {
  SampleCount: ({ count }) => count,
  Sum: ({ sum }) => sum,
  Average: ({ sum, count }) => sum / count,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
};

/** Reads a statistic's value off a tally; undefined where the spread of values that it needs is not known. */
export type Statistic = (tally: Tally) => number | undefined;

/**
 * The statistic of a name: the five basic ones, percentiles (`p99`, `p99.9`) and trimmed means (`tm90`, `TM(10%:90%)`)
 * (CloudWatch user guide, statistics definitions).
 * @throws InvalidParameterValue for one that there is not or that the local region does not serve
 */
export function statisticOf(name: string): Statistic {
  const basic = Object.entries(BASIC).find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1];
  if (basic) return basic;
  const [, kind, number] = /^(p|tm)(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name) ?? [];
  if (kind === "p") return (tally) => percentile(tally, Number(number) / 100);
  if (kind === "tm") return (tally) => trimmedMean(tally, 0, Number(number) / 100);
  const range = /^TM\((\d+(?:\.\d+)?)?%:(\d+(?:\.\d+)?)?%\)$/.exec(name);
  if (range) return (tally) => trimmedMean(tally, Number(range[1] ?? 0) / 100, Number(range[2] ?? 100) / 100);
  if (/^(IQM|(wm|tc|ts|WM|TC|TS|PR|TM)[\d(].*)$/.test(name)) throw notServed(`the statistic ${name}`);
  throw invalidValue(`The value ${name} for parameter Statistic is invalid.`);
}

function percentile({ values, count }: Tally, share: number): number | undefined {
  let left = Math.max(1, Math.ceil(count * share));
  for (const [value, times] of sorted(values)) {
    left -= times;
    if (left <= 0) return value;
  }
  return undefined;
}

/** The mean of the values between two shares of the sorted values. */
function trimmedMean({ values, count }: Tally, from: number, until: number): number | undefined {
  let [sum, taken, place] = [0, 0, 0];
  for (const [value, times] of sorted(values)) {
    const inside = Math.max(0, Math.min(place + times, count * until) - Math.max(place, count * from));
    sum += value * inside;
    taken += inside;
    place += times;
  }
  return taken > 0 ? sum / taken : undefined;
}

function sorted(values: Tally["values"]): readonly (readonly [value: number, times: number])[] {
  return [...(values ?? [])].sort(([a], [b]) => a - b);
}
