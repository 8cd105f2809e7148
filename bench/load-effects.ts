import { setTimeout as wait } from "node:timers/promises";
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { PRODUCTS, type Shop, STOCK } from "./load-shop.ts";
import { queueOf, STREAM_NAMES, type Stream } from "./load-streams.ts";
import { readLeft } from "./load-watch.ts";

const MINUTE_MS = 60_000;

/** Effects of each stream, by account: how many there are, and how many are there more than once. */
export interface Effects {
  readonly there: Readonly<Record<Stream, number>>;
  readonly doubled: Readonly<Record<Stream, number>>;
}

/** Waits until no queue has a message, as long as they get fewer; gives whether it came to that. */
export async function untilDrained(shop: Shop, longestStillMs: number): Promise<boolean> {
  let [least, changedMs] = [Number.POSITIVE_INFINITY, performance.now()];
  while (performance.now() - changedMs < longestStillMs) {
    const left = Object.values(await readLeft(shop)).reduce((sum, count) => sum + count, 0);
    if (left === 0) return true;
    if (left < least) [least, changedMs] = [left, performance.now()];
    await wait(1_000);
  }
  return false;
}

/** Counts what a load has done: orders, charges, reservations and e-mails. */
export async function countEffects(shop: Shop, run: string): Promise<Effects> {
  const isOurs = ({ orderId }: { readonly orderId?: unknown }): boolean => String(orderId).startsWith(`${run}-`);
  const [orders, payments, reserved, stock, movements, mails] = [
    (await shop.items("orders")).filter(isOurs),
    (await shop.items("payments")).filter(isOurs),
    await shop.items("reservations"),
    await shop.items("stock"),
    await shop.known<{ readonly orderId: string }>("movements"),
    await countMails(shop, run),
  ];
  const reservations = reserved.filter(isOurs);
  const charged = Map.groupBy(Object.values(movements).filter(isOurs), ({ orderId }) => orderId);
  const charges = [...charged.values()].filter((each) => each.length > 1).length;
  const taken = stock.reduce((sum, { available }) => sum + Number(available), 0);
  return {
    there: {
      orders: orders.length,
      payments: payments.length,
      inventory: reservations.length,
      notifications: mails.size,
    },
    doubled: {
      orders: orders.filter(({ version }) => version !== 1).length,
      payments: charges,
      inventory: Math.abs(PRODUCTS * STOCK - taken - reserved.length),
      notifications: [...mails.values()].filter((count) => count > 1).length,
    },
  };
}

/** How often each customer was written to. */
async function countMails({ endpoint }: Shop, run: string): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (let token = ""; ; ) {
    const fields = { Action: "ReliqListOutbox", Version: "2010-03-31", Limit: "100" };
    const body = new URLSearchParams({ ...fields, ...(token !== "" && { NextToken: token }) });
    const text = await (await fetch(endpoint, { method: "POST", body })).text();
    const written = [...text.matchAll(/<To>([^<]*)<\/To>/g)].map(([, to = ""]) => to);
    const ours = written.filter((to) => to.startsWith(`${run}-`));
    for (const to of ours) counts.set(to, (counts.get(to) ?? 0) + 1);
    // The newest come first: what comes after ours is of runs before.
    if (counts.size > 0 && ours.length === 0) return counts;
    token = /<NextToken>(\d+)<\/NextToken>/.exec(text)?.[1] ?? "";
    if (token === "") return counts;
  }
}

/** The 95th percentile of the time from acceptance to the end of the batch, as the services measure it, of each minute: seconds from the begin, and milliseconds. */
export async function p95ByMinute(
  { settings }: Shop,
  fromMs: number,
  toMs: number,
): Promise<Readonly<Record<Stream, readonly (readonly [seconds: number, ms: number])[]>>> {
  const { MetricDataResults = [] } = await new CloudWatchClient(settings).send(
    new GetMetricDataCommand({
      StartTime: new Date(Math.floor(fromMs / MINUTE_MS) * MINUTE_MS),
      EndTime: new Date(Math.ceil(toMs / MINUTE_MS) * MINUTE_MS),
      ScanBy: "TimestampAscending",
      MetricDataQueries: STREAM_NAMES.map((stream) => ({
        Id: stream,
        MetricStat: {
          Period: 60,
          Stat: "p95",
          Metric: {
            Namespace: "OrderProcessing",
            MetricName: "MessageAge",
            Dimensions: [
              { Name: "Consumer", Value: stream },
              { Name: "Queue", Value: queueOf(stream) },
            ],
          },
        },
      })),
    }),
  );
  const minutes = STREAM_NAMES.map((stream) => {
    const { Timestamps = [], Values = [] } = MetricDataResults.find(({ Id }) => Id === stream) ?? {};
    const points = Timestamps.map((at, index) => {
      const endSeconds = (at.getTime() + MINUTE_MS - fromMs) / 1_000;
      return [endSeconds, Values[index] ?? 0] as const;
    });
    return [stream, points];
  });
  return Object.fromEntries(minutes);
}
