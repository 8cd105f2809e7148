import type { Clock } from "./clock.ts";
import { newTally, type Tally, tally } from "./tally.ts";

/** A metric that a service writes about itself, as its user guide names it. */
export interface ServiceMetric {
  /** `AWS/SQS` */
  readonly namespace: string;
  readonly name: string;
  readonly unit: "Bytes" | "Count" | "Milliseconds" | "Seconds";
  /** Names and values; none is the metric over all of the service. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What happened to a metric within one minute. */
export interface MetricMinute {
  readonly metric: ServiceMetric;
  /** The minute's start, milliseconds since the epoch. */
  readonly atMs: number;
  readonly tally: Tally;
}

/** Counts values of one metric in memory: adding costs a look-up, and nothing is written. */
export interface MetricCounter {
  add(value: number): void;
}

/** Gives the values that metrics had at a moment, and is asked once for each minute that ends. */
type MetricSampler = (atMs: number) => Iterable<readonly [metric: ServiceMetric, value: number]>;

/** The metrics of the region's services, until CloudWatch takes them; a kill loses what it has not taken, at most one minute. */
export interface ServiceMetrics {
  counter(metric: ServiceMetric): MetricCounter;
  /** Adds a metric of levels, such as the messages in a queue. */
  sample(sampler: MetricSampler): void;
  /** Gives what was counted since the last time, and forgets it. */
  takeCounts(): readonly MetricMinute[];
  /** The levels at the end of a minute, as values of the minute that it ends. */
  levelsAt(endMs: number): readonly MetricMinute[];
}

const MINUTE_MS = 60_000;

export function createServiceMetrics(clock: Clock): ServiceMetrics {
  const samplers: MetricSampler[] = [];
  let minutes: MetricMinute[] = [];
  return {
    counter: (metric) => {
      let present: MetricMinute | undefined;
      let taken = minutes;
      return {
        add: (value) => {
          const nowMs = clock.now();
          const atMs = nowMs - (nowMs % MINUTE_MS);
          if (!present || present.atMs !== atMs || taken !== minutes) {
            present = { metric, atMs, tally: newTally() };
            taken = minutes;
            minutes.push(present);
          }
          tally(present.tally, value);
        },
      };
    },
    sample: (sampler) => samplers.push(sampler),
    takeCounts: () => {
      const all = minutes;
      minutes = [];
      return all;
    },
    levelsAt: (endMs) =>
      samplers.flatMap((sampler) =>
        Array.from(sampler(endMs), ([metric, value]) => levelOf(metric, value, endMs - MINUTE_MS)),
      ),
  };
}

function levelOf(metric: ServiceMetric, value: number, atMs: number): MetricMinute {
  const level = { metric, atMs, tally: newTally() };
  tally(level.tally, value);
  return level;
}
