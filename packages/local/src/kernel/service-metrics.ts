import type { Clock } from "./clock.ts";
import { newTally, type Tally, tally } from "./tally.ts";

/** The units that there are (CloudWatch API reference, StandardUnit). */
export const METRIC_UNITS: readonly string[] = [
  ..."Seconds Microseconds Milliseconds Bytes Kilobytes Megabytes Gigabytes Terabytes Bits Kilobits Megabits".split(
    " ",
  ),
  ..."Gigabits Terabits Percent Count Bytes/Second Kilobytes/Second Megabytes/Second Gigabytes/Second".split(" "),
  ..."Terabytes/Second Bits/Second Kilobits/Second Megabits/Second Gigabits/Second Terabits/Second".split(" "),
  ..."Count/Second None".split(" "),
];

/** A metric, with the unit of its values. */
interface MeasuredMetric {
  /** `AWS/SQS`, `Shop` */
  readonly namespace: string;
  readonly name: string;
  /** One of METRIC_UNITS. */
  readonly unit: string;
  /** Names and values; none is the metric over all. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A metric that a service writes about itself, as its user guide names it. */
export interface ServiceMetric extends MeasuredMetric {
  readonly unit: "Bytes" | "Count" | "Milliseconds" | "Seconds";
}

/** A value that was read off something with a time of its own, such as a log line. */
export interface MetricValue {
  readonly metric: MeasuredMetric;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly value: number;
  /** Whether its second is kept too, for periods under a minute. */
  readonly perSecond: boolean;
}

/** What happened to a metric within one minute, or one second where `perSecond`. */
export interface MetricMinute {
  readonly metric: MeasuredMetric;
  /** The start of the minute or the second, milliseconds since the epoch. */
  readonly atMs: number;
  readonly perSecond?: boolean;
  readonly tally: Tally;
}

/** Counts values of one metric in memory: adding costs a look-up, and nothing is written. */
export interface MetricCounter {
  add(value: number): void;
}

/** Gives the values that metrics had at a moment, and is asked once for each minute that ends. */
type MetricSampler = (atMs: number) => Iterable<readonly [metric: MeasuredMetric, value: number]>;

/** The metrics of the region's services, until CloudWatch takes them; a kill loses what it has not taken, at most one minute. */
export interface ServiceMetrics {
  counter(metric: ServiceMetric): MetricCounter;
  /** Counts a value at its own time, of a metric that few know beforehand. */
  record(value: MetricValue): void;
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
  let recorded = new Map<string, MetricMinute>();
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
    record: ({ metric, atMs, value, perSecond }) => {
      const startMs = atMs - (atMs % (perSecond ? 1_000 : MINUTE_MS));
      const { namespace, name, unit, dimensions } = metric;
      const key = JSON.stringify([startMs, perSecond, namespace, name, unit, dimensions]);
      const minute = recorded.get(key) ?? { metric, atMs: startMs, perSecond, tally: newTally() };
      recorded.set(key, minute);
      tally(minute.tally, value);
    },
    sample: (sampler) => samplers.push(sampler),
    takeCounts: () => {
      const all = [...minutes, ...recorded.values()];
      minutes = [];
      recorded = new Map();
      return all;
    },
    levelsAt: (endMs) =>
      samplers.flatMap((sampler) =>
        Array.from(sampler(endMs), ([metric, value]) => levelOf(metric, value, endMs - MINUTE_MS)),
      ),
  };
}

function levelOf(metric: MeasuredMetric, value: number, atMs: number): MetricMinute {
  const level = { metric, atMs, tally: newTally() };
  tally(level.tally, value);
  return level;
}
