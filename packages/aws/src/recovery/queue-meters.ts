import {
  type CloudWatchClient,
  type MetricDataQuery,
  type MetricDataResult,
  paginateGetMetricData,
} from "@aws-sdk/client-cloudwatch";
import type { MeteredPeriod } from "@reliq/core/recovery";

/** A time that metrics are read for, milliseconds since the Unix epoch; `toMs` is not part of it. */
export interface MeterTime {
  readonly fromMs: number;
  readonly toMs: number;
  /** Takes whole minutes. */
  readonly periodMs: number;
}

/** Namespace AWS/SQS, by what they are called here: flows are summed, of levels the highest counts. */
const FLOWS = { sent: "NumberOfMessagesSent", deleted: "NumberOfMessagesDeleted" };
const LEVELS = {
  visible: "ApproximateNumberOfMessagesVisible",
  inFlight: "ApproximateNumberOfMessagesNotVisible",
  delayed: "ApproximateNumberOfMessagesDelayed",
};

/** The most of one request (GetMetricData). */
const MOST_QUERIES = 500;

/** How many messages were sent to and deleted from queues in a time, queue by queue. */
export async function readMeters(
  client: CloudWatchClient,
  queues: readonly string[],
  time: MeterTime,
): Promise<readonly Pick<MeteredPeriod, "deleted" | "sent">[]> {
  const series = await readSeries(client, queues, FLOWS, time);
  const total = (name: string): number => [...(series.get(name)?.values() ?? [])].reduce((sum, each) => sum + each, 0);
  return queues.map((_, index) => ({ sent: total(`sent${index}`), deleted: total(`deleted${index}`) }));
}

/** What queues' metrics say of each period of a time, queue by queue, oldest first. */
export async function readPeriods(
  client: CloudWatchClient,
  queues: readonly string[],
  time: MeterTime,
): Promise<readonly (readonly MeteredPeriod[])[]> {
  const series = await readSeries(client, queues, { ...FLOWS, ...LEVELS }, time);
  const starts = Array.from({ length: (time.toMs - time.fromMs) / time.periodMs }, (_, number) => {
    return time.fromMs + number * time.periodMs;
  });
  return queues.map((_, index) => {
    const at = (name: string, startMs: number): number | undefined => series.get(`${name}${index}`)?.get(startMs);
    return starts.map((startMs) => {
      const visible = at("visible", startMs);
      return {
        sent: at("sent", startMs) ?? 0,
        deleted: at("deleted", startMs) ?? 0,
        hidden: (at("inFlight", startMs) ?? 0) + (at("delayed", startMs) ?? 0),
        ...(visible !== undefined && { visible }),
      };
    });
  });
}

/** What queues' metrics say of the newest period that each has a value of within a time, queue by queue; `age`: of the oldest message, seconds. */
export async function readNewest(
  client: CloudWatchClient,
  queues: readonly string[],
  time: MeterTime,
): Promise<readonly { readonly age?: number; readonly deleted: number; readonly sent: number }[]> {
  const series = await readSeries(client, queues, { ...FLOWS, age: "ApproximateAgeOfOldestMessage" }, time);
  return queues.map((_, index) => {
    const newest = (name: string): number | undefined => {
      const found = series.get(`${name}${index}`) ?? new Map<number, number>();
      return found.get(Math.max(...found.keys()));
    };
    const age = newest("age");
    return { sent: newest("sent") ?? 0, deleted: newest("deleted") ?? 0, ...(age !== undefined && { age }) };
  });
}

/** By name and queue's number, what each period has, by its start. */
async function readSeries(
  client: CloudWatchClient,
  queues: readonly string[],
  metrics: Readonly<Record<string, string>>,
  { fromMs, toMs, periodMs }: MeterTime,
): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>> {
  const queries = queues.flatMap((queue, index) =>
    Object.entries(metrics).map(([name, metric]) => query(`${name}${index}`, queue, metric, periodMs)),
  );
  const series = new Map<string, Map<number, number>>();
  for (let start = 0; start < queries.length; start += MOST_QUERIES) {
    const MetricDataQueries = queries.slice(start, start + MOST_QUERIES);
    const time = { StartTime: new Date(fromMs), EndTime: new Date(toMs) };
    for await (const page of paginateGetMetricData({ client }, { ...time, MetricDataQueries })) {
      for (const result of page.MetricDataResults ?? []) addTo(series, result);
    }
  }
  return series;
}

/** A metric can come in parts, page by page. */
function addTo(
  series: Map<string, Map<number, number>>,
  { Id = "", Timestamps = [], Values = [] }: MetricDataResult,
): void {
  const found = series.get(Id) ?? new Map<number, number>();
  for (const [index, at] of Timestamps.entries()) found.set(at.getTime(), Values[index] ?? 0);
  series.set(Id, found);
}

function query(Id: string, queue: string, MetricName: string, periodMs: number): MetricDataQuery {
  const Stat = Object.values(FLOWS).includes(MetricName) ? "Sum" : "Maximum";
  const Metric = { Namespace: "AWS/SQS", MetricName, Dimensions: [{ Name: "QueueName", Value: queue }] };
  return { Id, MetricStat: { Metric, Period: periodMs / 1_000, Stat } };
}
