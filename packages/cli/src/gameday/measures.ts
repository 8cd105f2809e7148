/** One thing that was measured, and what the hypothesis asks of it. */
export interface Measure {
  readonly name: string;
  readonly value: number | string;
  /** `%`, `s`, `ms`; nothing for a count. */
  readonly unit?: string;
  /** What the hypothesis asks of it, such as `at most 120`; nothing for what is only shown. */
  readonly asked?: string;
  readonly holds?: boolean;
}

/** How a game day ended. */
export type Verdict = "could-not-run" | "held" | "refuted";

/** A measure that may not be over a limit; one that is no number is. */
export function atMost(name: string, value: number, limit: number, unit?: string): Measure {
  return judged(name, value, `at most ${limit}`, value <= limit, unit);
}

/** A measure that may not be under a limit; one that is no number is. */
export function atLeast(name: string, value: number, limit: number, unit?: string): Measure {
  return judged(name, value, `at least ${limit}`, value >= limit, unit);
}

/** A measure that is a certain value, or the hypothesis does not hold. */
export function exactly(name: string, value: number | string, wanted: number | string, unit?: string): Measure {
  return judged(name, value, `exactly ${wanted}`, value === wanted, unit);
}

/** A measure that is shown and not judged. */
export function shown(name: string, value: number | string, unit?: string): Measure {
  return { name, value: rounded(value), ...(unit !== undefined && { unit }) };
}

/** Held where every judged measure holds. A game day that judged nothing has refuted nothing, and shown nothing: that is no verdict. */
export function verdictOf(measures: readonly Measure[]): Verdict {
  const holds = measures.flatMap((each) => each.holds ?? []);
  if (holds.length === 0) return "could-not-run";
  return holds.every((each) => each) ? "held" : "refuted";
}

/** The value below which a share (0 to 1) of the values is; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function judged(name: string, value: number | string, asked: string, holds: boolean, unit?: string): Measure {
  return { name, value: rounded(value), asked, holds, ...(unit !== undefined && { unit }) };
}

/** To three decimals, for people: the judgement is on the value as it was. */
function rounded(value: number | string): number | string {
  return typeof value === "number" ? Number(value.toFixed(3)) : value;
}
