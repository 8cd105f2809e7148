import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { BatchWriteItemCommand, DescribeTableCommand, DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { type PaymentGateway, startPaymentGateway } from "../harness/payment-gateway.ts";
import { synthesizeApp } from "../harness/synthesize-app.ts";
import { type PairedRegion, startTwoRegions, type TwoRegions } from "../harness/two-regions.ts";

const APP = "apps/order-processing";
const RELIQ = "packages/cli/bin/reliq.js";
const run = promisify(execFile);

/** The most batches at once of each queue: more processes than cores only take turns. */
const CONCURRENCY = 2;

/** Tables that the second region needs before its stack is deployed. */
const REPLICATED = ["orders", "reservations", "stock", "intake", "regions", "failures"];

/** How long replicas may take to be there, milliseconds. */
const LONGEST_JOIN_MS = 60_000;

/** Which regions have an order before it is acknowledged. */
export type Acknowledge = "both" | "one";

/** Order processing in two local regions, each a process of its own, with one payment gateway and carrier. */
export interface FailoverSystem extends TwoRegions {
  readonly gateway: PaymentGateway;
  /** All items of a table, as a region has them. */
  readonly items: <T>(region: PairedRegion, table: string) => Promise<readonly T[]>;
  /** `reliq failover <action>` on a region; gives what it prints as JSON. */
  readonly failover: <T>(action: "rejoin" | "start" | "status", region: PairedRegion) => Promise<T>;
}

/** Starts the system with so much on its shelves, and ends it after `work`. */
export async function withTwoRegions<T>(
  stock: Readonly<Record<string, number>>,
  acknowledge: Acknowledge,
  work: (system: FailoverSystem) => Promise<T>,
): Promise<T> {
  const gateway = await startPaymentGateway();
  const regions = await startTwoRegions();
  try {
    await deployBoth(regions, { gatewayUrl: gateway.url, carrierUrl: gateway.url, acknowledge });
    await fillShelves(regions.first, stock);
    return await work({ ...regions, gateway, items: readAll, failover });
  } finally {
    await regions.end();
    gateway.end();
  }
}

/** The first region's stack makes the tables of both; the second's is made for those. */
async function deployBoth({ first, second, folder }: TwoRegions, context: object): Promise<void> {
  const common = { ...context, maximumConcurrency: CONCURRENCY };
  const [ofFirst, ofSecond] = [join(folder, "cdk.out-first"), join(folder, "cdk.out-second")];
  synthesizeApp(APP, ofFirst, { ...common, secondRegion: second.name, otherEndpoint: second.endpoint });
  await deploy(first, ofFirst);
  await untilJoined(second, ...REPLICATED);
  const fieldKey = await outputOf(first, "FieldKeyArn");
  const asked = ["--field-key", fieldKey, "--region", second.name, "--endpoint", second.endpoint];
  const { stdout } = await run(process.execPath, ["--conditions=@reliq/source", "second-region.ts", ...asked], {
    cwd: APP,
    env: { ...process.env, AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" },
  });
  const replicated = JSON.parse(stdout) as object;
  const there = { region: second.name, firstRegion: first.name, replicated, otherEndpoint: first.endpoint };
  synthesizeApp(APP, ofSecond, { ...common, ...there });
  await deploy(second, ofSecond);
}

async function deploy({ endpoint }: PairedRegion, assembly: string): Promise<void> {
  await run(process.execPath, [RELIQ, "local", "deploy", "--assembly", assembly, "--endpoint", endpoint]);
}

async function untilJoined(region: PairedRegion, ...tables: readonly string[]): Promise<void> {
  const client = new DynamoDBClient(region.settings);
  const endsMs = performance.now() + LONGEST_JOIN_MS;
  for (const table of tables) {
    const describe = new DescribeTableCommand({ TableName: `order-processing-${table}` });
    while (!(await client.send(describe).catch(() => undefined))) {
      if (performance.now() > endsMs) throw new Error(`${region.name} has no replica of ${table}.`);
      await wait(100);
    }
  }
  client.destroy();
}

async function outputOf({ endpoint }: PairedRegion, name: string): Promise<string> {
  const status = await (await fetch(`${endpoint}/_reliq/status`)).json();
  const { stacks } = status as { readonly stacks: readonly { readonly outputs: Readonly<Record<string, string>> }[] };
  return stacks.flatMap(({ outputs }) => outputs[name] ?? [])[0] ?? "";
}

async function fillShelves({ settings }: PairedRegion, stock: Readonly<Record<string, number>>): Promise<void> {
  const client = new DynamoDBClient(settings);
  const items = Object.entries(stock).map(([productId, available]) => ({ productId, available, version: 1, lowAt: 2 }));
  const requests = items.map((item) => ({ PutRequest: { Item: marshall(item) } }));
  for (let first = 0; first < requests.length; first += 25) {
    const RequestItems = { "order-processing-stock": requests.slice(first, first + 25) };
    await client.send(new BatchWriteItemCommand({ RequestItems }));
  }
  client.destroy();
}

async function readAll<T>({ settings }: PairedRegion, table: string): Promise<readonly T[]> {
  const client = new DynamoDBClient(settings);
  const items: T[] = [];
  const scan = { TableName: `order-processing-${table}`, ConsistentRead: true };
  for await (const { Items = [] } of paginateScan({ client }, scan)) {
    items.push(...Items.map((item) => unmarshall(item) as T));
  }
  client.destroy();
  return items;
}

async function failover<T>(action: string, { endpoint }: PairedRegion): Promise<T> {
  const command = [RELIQ, "failover", action, "order-processing"];
  const { stdout } = await run(process.execPath, [...command, "--endpoint", endpoint, "--json"]);
  return JSON.parse(stdout) as T;
}
