/** The values of a metric within some time: exact sums and bounds, and how the values were spread. */
export interface Tally {
  count: number;
  sum: number;
  minimum: number;
  maximum: number;
  /** How often each value came; undefined where nobody told (a statistic set): then there are no percentiles. */
  values: Map<number, number> | undefined;
}

/** How many different values are kept apart; beyond, they are kept to 3 digits, then to 2. */
const MOST_VALUES = 500;

export function newTally(): Tally {
  return { count: 0, sum: 0, minimum: Number.POSITIVE_INFINITY, maximum: Number.NEGATIVE_INFINITY, values: new Map() };
}

/** Adds a value, which came so many times. */
export function tally(into: Tally, value: number, times = 1): void {
  addBounds(into, { count: times, sum: value * times, minimum: value, maximum: value });
  if (into.values) addSpread(into.values, value, times);
}

/** Adds what another tally holds. */
export function addTally(into: Tally, other: Tally): void {
  addBounds(into, other);
  if (!into.values || !other.values) into.values = undefined;
  else for (const [value, times] of other.values) addSpread(into.values, value, times);
}

function addBounds(into: Tally, { count, sum, minimum, maximum }: Omit<Tally, "values">): void {
  into.count += count;
  into.sum += sum;
  into.minimum = Math.min(into.minimum, minimum);
  into.maximum = Math.max(into.maximum, maximum);
}

function addSpread(values: Map<number, number>, value: number, times: number): void {
  const digits = values.size < MOST_VALUES ? 17 : values.size < 2 * MOST_VALUES ? 3 : 2;
  const kept = digits === 17 || values.has(value) ? value : Number(value.toPrecision(digits));
  values.set(kept, (values.get(kept) ?? 0) + times);
}
