import { readFileSync } from "node:fs";
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { LambdaClient, ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll } from "vitest";
import { type PaymentGateway, startPaymentGateway } from "../../harness/payment-gateway.ts";
import { type StartedApp, startApp } from "./app.ts";

const APP = `
import { App } from "aws-cdk-lib";
import { defineOrderProcessing } from "../order-processing/stack.ts";

const app = new App({ builtinCloudFormationValidation: false });
defineOrderProcessing(app);
app.synth();`;

/** One line of an order. */
interface Line {
  readonly productId: string;
  readonly quantity: number;
  readonly unitPrice: number;
}

interface Movement {
  readonly kind: "charges" | "refunds";
  readonly orderId: string;
  readonly amountCents: number;
}

type Item = Readonly<Record<string, unknown>>;

/** What the API has answered. */
interface Answered {
  readonly status: number;
  readonly success: boolean;
  readonly error?: string;
}

/** The system, and what one does with it. */
export interface OrdersTrial {
  readonly started: () => StartedApp;
  /** Sets what goes wrong at the gateway and the carrier from now on. */
  readonly faults: (faults: object) => Promise<void>;
  /** Places an order by the API. */
  readonly order: (orderId: string, items: readonly Line[], more?: object) => Promise<Answered>;
  /** An order as it is stored. */
  readonly stored: (orderId: string) => Promise<Item | undefined>;
  /** All items of a table of the system. */
  readonly items: (table: string) => Promise<readonly Item[]>;
  /** The statuses that an order has had, as the shop's own tools know them. */
  readonly tracked: (orderId: string) => Promise<readonly unknown[]>;
  /** What money moved for an order. */
  readonly movements: (orderId: string) => Promise<readonly Movement[]>;
  /** How often the gateway or the carrier was asked for a key. */
  readonly asked: (key: string) => Promise<number>;
  /** Lets a service take messages, or not. */
  readonly switchIntake: (service: string, enabled: boolean) => Promise<void>;
  /** How much is in stock of a product. */
  readonly put: (productId: string, available: number) => Promise<void>;
  /** All that functions have logged and that has a text in it. */
  readonly logged: (text: string) => Promise<readonly string[]>;
  /** All e-mails and text messages that would have gone out. */
  readonly outbox: () => Promise<string>;
}

/** The system with its gateway and carrier, once for a test file; `changes` go over its configuration. */
export function useOrders(stock: Readonly<Record<string, number>>, changes: object = {}): OrdersTrial {
  let gateway: PaymentGateway;
  let started: StartedApp;
  let dynamodb: DynamoDBClient;

  const put = async (productId: string, available: number): Promise<void> => {
    const Item = marshall({ productId, available, version: 1, lowAt: 2 });
    await dynamodb.send(new PutItemCommand({ TableName: "order-processing-stock", Item }));
  };

  beforeAll(async () => {
    gateway = await startPaymentGateway();
    const { context, ...cdk } = JSON.parse(readFileSync("apps/order-processing/cdk.json", "utf8"));
    const changed = { ...context, gatewayUrl: gateway.url, carrierUrl: gateway.url, ...changes };
    const files = { "cdk.json": JSON.stringify({ ...cdk, context: changed }), "app.ts": APP };
    started = await startApp(files, ["--jumps"]);
    dynamodb = new DynamoDBClient(started.app.settings);
    for (const [productId, available] of Object.entries(stock)) await put(productId, available);
  }, 300_000);

  afterAll(async () => {
    await started?.end();
    gateway?.end();
  });

  return {
    started: () => started,
    faults: (faults: object) => gateway.setFaults(faults),
    order: async (orderId: string, items: readonly Line[], more: object = {}) => {
      const totalAmount = items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
      const given = { orderId, customerId: "c-1", email: "ann@example.com", items, totalAmount, ...more };
      const url = `${started.app.endpoint}/_api/order-processing/orders`;
      const response = await fetch(url, { method: "POST", body: JSON.stringify(given) });
      return { status: response.status, ...((await response.json()) as { success: boolean; error?: string }) };
    },
    stored: async (orderId: string): Promise<Item | undefined> => {
      const get = new GetItemCommand({ TableName: "order-processing-orders", Key: { orderId: { S: orderId } } });
      const { Item } = await dynamodb.send(get);
      return Item && unmarshall(Item);
    },
    items: async (table: string): Promise<readonly Item[]> => {
      const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: `order-processing-${table}` }));
      return Items.map((item) => unmarshall(item));
    },
    tracked: async (orderId: string): Promise<readonly unknown[]> => {
      const query = new QueryCommand({
        TableName: "order-processing-tracking",
        KeyConditionExpression: "orderId = :orderId",
        ExpressionAttributeValues: { ":orderId": { S: orderId } },
      });
      const { Items = [] } = await dynamodb.send(query);
      return Items.map((item) => unmarshall(item)["status"]);
    },
    movements: async (orderId: string): Promise<readonly Movement[]> => {
      return Object.values(await gateway.known<Movement>("movements")).filter((each) => each.orderId === orderId);
    },
    asked: async (key: string): Promise<number> => (await gateway.known<number>("asked"))[key] ?? 0,
    switchIntake: async (service: string, Enabled: boolean): Promise<void> => {
      const lambda = new LambdaClient(started.app.settings);
      const FunctionName = `order-processing-${service}`;
      const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
      for (const { UUID } of EventSourceMappings) {
        await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
      }
    },
    put,
    logged: async (text) => {
      const logs = new CloudWatchLogsClient(started.app.settings);
      const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ limit: 50 }));
      const found = logGroups.map(async ({ logGroupName }) => {
        const { events = [] } = await logs.send(
          new FilterLogEventsCommand({ logGroupName, filterPattern: `"${text}"` }),
        );
        return events.map(({ message = "" }) => message);
      });
      return (await Promise.all(found)).flat();
    },
    outbox: async () => {
      const pages: string[] = [];
      for (let token = ""; ; ) {
        const fields = { Action: "ReliqListOutbox", Version: "2010-03-31", ...(token !== "" && { NextToken: token }) };
        const answer = await fetch(started.app.endpoint, { method: "POST", body: new URLSearchParams(fields) });
        const text = await answer.text();
        pages.push(text);
        token = /<NextToken>(\d+)<\/NextToken>/.exec(text)?.[1] ?? "";
        if (token === "") return pages.join("");
      }
    },
  };
}
