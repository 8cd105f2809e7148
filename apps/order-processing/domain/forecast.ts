/** A value at a time, milliseconds since the Unix epoch. */
export interface Sample {
  readonly atMs: number;
  readonly value: number;
}

/** When a value that moves as it did lately reaches a limit, seconds from its last sample; the true time lies within the band nine times of ten. */
export interface Forecast {
  readonly perHour: number;
  readonly likelySeconds: number;
  readonly earliestSeconds: number;
  readonly latestSeconds: number;
}

/** Fewer samples say nothing of a trend. */
const LEAST_SAMPLES = 5;

/** The quantile of the normal distribution that 5 % are above: a band of 90 %. */
const Z = 1.645;

const HOUR_SECONDS = 3_600;

/**
 * Draws a line through samples by least squares, and says when it meets a limit; the band is that of the slope.
 * Undefined where there are fewer than 5 samples, the limit is reached already, or the slope does not lead there for sure.
 */
export function forecast(samples: readonly Sample[], limit: number): Forecast | undefined {
  const last = samples.at(-1);
  if (!last || samples.length < LEAST_SAMPLES || last.value === limit) return undefined;
  const fit = fitLine(samples, last.atMs);
  if (!fit) return undefined;
  const distance = Math.abs(limit - last.value);
  const towards = Math.sign(limit - last.value) * fit.slope;
  const slowest = towards - fit.margin;
  if (slowest <= 0) return undefined;
  return {
    perHour: fit.slope * HOUR_SECONDS,
    likelySeconds: distance / towards,
    earliestSeconds: distance / (towards + fit.margin),
    latestSeconds: distance / slowest,
  };
}

/** The slope, a second, and how far the true one may be from it. */
function fitLine(
  samples: readonly Sample[],
  originMs: number,
): { readonly slope: number; readonly margin: number } | undefined {
  const points = samples.map(({ atMs, value }) => ({ x: (atMs - originMs) / 1_000, y: value }));
  const meanX = mean(points.map(({ x }) => x));
  const meanY = mean(points.map(({ y }) => y));
  const spread = sum(points.map(({ x }) => (x - meanX) ** 2));
  if (!(spread > 0)) return undefined;
  const slope = sum(points.map(({ x, y }) => (x - meanX) * (y - meanY))) / spread;
  const residuals = sum(points.map(({ x, y }) => (y - meanY - slope * (x - meanX)) ** 2));
  const freedom = points.length - 2;
  return { slope, margin: studentQuantile(freedom) * Math.sqrt(residuals / freedom / spread) };
}

/** The quantile of Student's distribution by Cornish and Fisher's expansion (Abramowitz and Stegun, 26.7.5), within 2 % from 3 degrees of freedom on. */
function studentQuantile(freedom: number): number {
  const first = (Z ** 3 + Z) / 4;
  const second = (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96;
  return Z + first / freedom + second / freedom ** 2;
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
