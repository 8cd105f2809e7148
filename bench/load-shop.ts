import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BatchWriteItemCommand, DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { LambdaClient, paginateListEventSourceMappings, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { startPaymentGateway } from "../harness/payment-gateway.ts";
import { startRegionOf, withServers } from "../harness/server-process.ts";
import { synthesizeApp } from "../harness/synthesize-app.ts";
import { untilAnswered } from "../harness/until-answered.ts";
import { CREDENTIALS } from "./consumer-requests.ts";

/** How many products there are, and what is in stock of each at first. */
export const PRODUCTS = 200;
export const STOCK = 1_000_000;

/** The most batches at once of each queue: more processes than cores only take turns. */
const CONCURRENCY = 2;

const APP = "apps/order-processing";

/** Order processing in a region of its own, with a payment gateway and a carrier beside it. */
export interface Shop {
  readonly endpoint: string;
  /** The region's process; its functions' are below it. */
  readonly pid: number;
  readonly settings: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: typeof CREDENTIALS;
  };
  readonly dynamodb: DynamoDBClient;
  /** What the gateway or the carrier knows, by key: `movements`, `parcels` or `asked`. */
  readonly known: <T>(what: string) => Promise<Readonly<Record<string, T>>>;
  /** All items of one of its tables. */
  readonly items: (table: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** Runs `work` with the system, all shelves full; `faults` are those of the gateway and the carrier. */
export async function withShop<T>(faults: object, work: (shop: Shop) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "reliq-load-"));
  const gateway = await startPaymentGateway();
  const { url } = gateway;
  try {
    await gateway.setFaults(faults);
    synthesizeApp(APP, directory, { gatewayUrl: url, carrierUrl: url, maximumConcurrency: CONCURRENCY });
    return await withServers([startRegionOf(directory, ["--jumps"])], async ([region]) => {
      if (!region) throw new Error("There is no region.");
      const settings = { endpoint: region.endpoint, region: "us-east-1", credentials: CREDENTIALS };
      const dynamodb = new DynamoDBClient(settings);
      await untilDeployed(region.endpoint);
      await fillShelves(dynamodb);
      return await work({
        endpoint: region.endpoint,
        pid: region.pid,
        settings,
        dynamodb,
        known: gateway.known,
        items: (table) => readAll(dynamodb, table),
      });
    });
  } finally {
    gateway.end();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The API is the last that is created: it refuses an empty order once all is there. */
async function untilDeployed(endpoint: string): Promise<void> {
  await untilAnswered(`${endpoint}/_reliq/status`);
  for (;;) {
    const answer = await fetch(`${endpoint}/_api/order-processing/orders`, { method: "POST", body: "{}" }).catch(
      () => undefined,
    );
    await answer?.body?.cancel();
    if (answer?.status === 400) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function fillShelves(dynamodb: DynamoDBClient): Promise<void> {
  for (let first = 0; first < PRODUCTS; first += 25) {
    const requests = Array.from({ length: 25 }, (_, index) => {
      const Item = marshall({ productId: `p-${first + index}`, available: STOCK, version: 1, lowAt: 2 });
      return { PutRequest: { Item } };
    });
    await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { "order-processing-stock": requests } }));
  }
}

async function readAll(client: DynamoDBClient, table: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const items: Readonly<Record<string, unknown>>[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: `order-processing-${table}` })) {
    items.push(...Items.map((item) => unmarshall(item)));
  }
  return items;
}

/** Stops what follows from a service's effect: each queue then has the messages of its own stream, and no others. */
export async function cutOutboxes({ settings }: Shop): Promise<void> {
  const lambda = new LambdaClient(settings);
  for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings({ client: lambda }, {})) {
    for (const { UUID, EventSourceArn = "" } of EventSourceMappings) {
      if (!EventSourceArn.includes(":dynamodb:")) continue;
      await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    }
  }
}
