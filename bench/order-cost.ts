import { setTimeout as wait } from "node:timers/promises";
import {
  CloudWatchClient,
  GetMetricDataCommand,
  paginateDescribeAlarms,
  paginateListMetrics,
} from "@aws-sdk/client-cloudwatch";
import { LambdaClient, paginateListFunctions, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { type CountingProxy, startCountingProxy } from "./counting-proxy.ts";
import { LIST_PRICES, PRICES_AS_OF } from "./list-prices.ts";
import { type Shop, withShop } from "./load-shop.ts";

/** Orders of the measurement, one after the other: each message is then a batch of its own, as at seven orders a minute. */
const ORDERS = 20;
const ORDERS_A_DAY = 10_000;
const DAYS = 30;

/** What Lambda bills is not measured here, where there is no AWS: milliseconds of an invocation, and its memory, GB. */
const ASSUMED = { invocationMs: 40, gigabytes: 0.5 };

/** A queue that is at rest is polled by five pollers, each for 20 seconds (Lambda developer guide, SQS scaling). */
const IDLE_RECEIVES_A_DAY = (5 * 86_400) / 20;
const QUEUES = { standard: 7, fifo: 3 };

/** What runs by a schedule asks the same, however much is ordered: it is not part of an order. */
const SCHEDULED = /-(recovery|remediation|trends)$/;

/** What an order costs, counted on its way from the request to its shipment. */
interface OrderCost {
  readonly asOf: string;
  /** By function, then by service and action. */
  readonly requestsPerOrder: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Lambda's receives and deletes of each queue, and reads of each stream. */
  readonly invocationsPerOrder: Readonly<Record<string, number>>;
  readonly writeUnitsPerOrder: number;
  readonly readUnitsPerOrder: number;
  /** USD a month at 10,000 orders a day, by service. */
  readonly usdPerMonth: Readonly<Record<string, number>>;
  readonly usdPerMonthTogether: number;
}

/** Counts what each function asks of services for an order that is shipped, and multiplies it by list prices. */
export async function benchOrderCost(): Promise<OrderCost> {
  return await withShop({}, async (shop) => {
    const proxies = await putProxies(shop);
    try {
      const fromMs = Date.now();
      for (let number = 0; number < ORDERS; number++) {
        await order(shop, `cost-${number}`);
        console.error(`${number + 1} of ${ORDERS} orders are shipped`);
      }
      await wait(5_000);
      return await priced(shop, proxies, fromMs);
    } finally {
      for (const proxy of proxies.values()) proxy.end();
    }
  });
}

/** Puts a proxy that counts before the services, for each function one. */
async function putProxies({ endpoint, settings }: Shop): Promise<ReadonlyMap<string, CountingProxy>> {
  const lambda = new LambdaClient(settings);
  const proxies = new Map<string, CountingProxy>();
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
    for (const { FunctionName = "", Environment } of Functions) {
      if (SCHEDULED.test(FunctionName)) continue;
      const proxy = await startCountingProxy(endpoint);
      proxies.set(FunctionName.replace("order-processing-", ""), proxy);
      const given = Object.entries(Environment?.Variables ?? {});
      const Variables = {
        ...Object.fromEntries(given.map(([name, value]) => [name, value.replaceAll(endpoint, proxy.endpoint)])),
        AWS_ENDPOINT_URL: proxy.endpoint,
      };
      await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
    }
  }
  return proxies;
}

async function order(shop: Shop, orderId: string): Promise<void> {
  const items = [{ productId: "p-1", quantity: 1, unitPrice: 2.5 }];
  const body = JSON.stringify({ orderId, customerId: "c-1", email: "ann@example.com", items, totalAmount: 2.5 });
  await fetch(`${shop.endpoint}/_api/order-processing/orders`, { method: "POST", body });
  for (;;) {
    const orders = await shop.items("orders");
    if (orders.some((each) => each["orderId"] === orderId && each["status"] === "shipped")) return;
    await wait(100);
  }
}

async function priced(shop: Shop, proxies: ReadonlyMap<string, CountingProxy>, fromMs: number): Promise<OrderCost> {
  const each = (count: number): number => Number((count / ORDERS).toFixed(2));
  const counted = [...proxies].map(([name, { counted: of }]) => [name, of] as const);
  const asked = (pattern: RegExp, of: (name: string) => boolean = () => true): number =>
    counted
      .filter(([name]) => of(name))
      .flatMap(([, { requests }]) => Object.entries(requests))
      .reduce((sum, [action, count]) => sum + (pattern.test(action) ? count : 0), 0);
  const isFifo = (name: string): boolean => /inventory|priority/.test(name);
  const invocations = await countInvocations(shop, [...proxies.keys()], fromMs);
  const polled = Object.entries(invocations).filter(([name]) => !/^(api|outbox|announce|expired|restock)/.test(name));
  const polls = (fifo: boolean): number =>
    polled.reduce((sum, [name, count]) => sum + (isFifo(name) === fifo ? 2 * count : 0), 0);
  const units = (kind: "readUnits" | "writeUnits"): number => counted.reduce((sum, [, of]) => sum + of[kind], 0);
  const all = Object.values(invocations).reduce((sum, count) => sum + count, 0);
  const month = (perRun: number): number => (perRun / ORDERS) * ORDERS_A_DAY * DAYS;
  const idle = (queues: number): number => queues * IDLE_RECEIVES_A_DAY * DAYS;
  const usd: Record<string, number> = {
    "API Gateway": month(ORDERS) * LIST_PRICES.httpApiRequest,
    Lambda:
      month(all) * LIST_PRICES.lambdaRequest +
      ((month(all) * ASSUMED.invocationMs) / 1_000) * ASSUMED.gigabytes * LIST_PRICES.lambdaGigabyteSecond,
    SQS:
      (month(asked(/^AmazonSQS\./, (name) => !isFifo(name)) + polls(false)) + idle(QUEUES.standard)) *
      LIST_PRICES.sqsStandardRequest,
    "SQS FIFO": (month(asked(/^AmazonSQS\./, isFifo) + polls(true)) + idle(QUEUES.fifo)) * LIST_PRICES.sqsFifoRequest,
    DynamoDB:
      month(units("writeUnits")) * LIST_PRICES.dynamodbWriteUnit +
      month(units("readUnits")) * LIST_PRICES.dynamodbReadUnit,
    SNS: month(asked(/^SNS\.Publish/)) * LIST_PRICES.snsPublish,
    SES: month(asked(/^SES\./)) * LIST_PRICES.sesEmail,
    // At most one data key an instance and five minutes; counted as if each order asked.
    KMS: month(asked(/^TrentService\./)) * LIST_PRICES.kmsRequest + LIST_PRICES.kmsKeyMonth,
    ...(await watching(shop)),
  };
  return {
    asOf: PRICES_AS_OF,
    requestsPerOrder: Object.fromEntries(
      counted.map(([name, { requests }]) => {
        return [name, Object.fromEntries(Object.entries(requests).map(([action, count]) => [action, each(count)]))];
      }),
    ),
    invocationsPerOrder: Object.fromEntries(Object.entries(invocations).map(([name, count]) => [name, each(count)])),
    writeUnitsPerOrder: each(units("writeUnits")),
    readUnitsPerOrder: each(units("readUnits")),
    usdPerMonth: Object.fromEntries(Object.entries(usd).map(([name, value]) => [name, Number(value.toFixed(2))])),
    usdPerMonthTogether: Number(
      Object.values(usd)
        .reduce((sum, value) => sum + value, 0)
        .toFixed(2),
    ),
  };
}

async function countInvocations(
  { settings }: Shop,
  names: readonly string[],
  fromMs: number,
): Promise<Readonly<Record<string, number>>> {
  const { MetricDataResults = [] } = await new CloudWatchClient(settings).send(
    new GetMetricDataCommand({
      StartTime: new Date(Math.floor(fromMs / 60_000) * 60_000),
      EndTime: new Date(Date.now() + 60_000),
      MetricDataQueries: names.map((name, index) => {
        const Dimensions = [{ Name: "FunctionName", Value: `order-processing-${name}` }];
        const Metric = { Namespace: "AWS/Lambda", MetricName: "Invocations", Dimensions };
        return { Id: `f${index}`, MetricStat: { Metric, Period: 60, Stat: "Sum" } };
      }),
    }),
  );
  const counts = names.map((name, index) => {
    const values = MetricDataResults.find(({ Id }) => Id === `f${index}`)?.Values ?? [];
    return [name, values.reduce((sum, value) => sum + value, 0)] as const;
  });
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

/** What alarms and the system's own metrics cost, by the month. */
async function watching({ settings }: Shop): Promise<Readonly<Record<string, number>>> {
  const cloudwatch = new CloudWatchClient(settings);
  let [alarms, metrics] = [0, 0];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: cloudwatch }, {}))
    alarms += MetricAlarms.length;
  for await (const { Metrics = [] } of paginateListMetrics({ client: cloudwatch }, {})) {
    metrics += Metrics.filter(({ Namespace = "" }) => !Namespace.startsWith("AWS/")).length;
  }
  return { Alarms: alarms * LIST_PRICES.alarmMonth, Metrics: metrics * LIST_PRICES.customMetricMonth };
}
