import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, expect } from "vitest";
import { type RunningApp, type StartedApp, startApp } from "./app.ts";
import { problemsOf, readOpenApi } from "./openapi.ts";
import { readAccounts } from "./region.ts";

/** How long a condition is waited for. */
export const WAIT = { timeout: 60_000, interval: 300 };

/** What a signed request carries; the local region takes any signature. */
const SIGNED = {
  authorization: `AWS4-HMAC-SHA256 Credential=ann/20261126/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
};

/** The OpenAPI document of the app. */
export const DOCUMENT: ReturnType<typeof readOpenApi> = readOpenApi("apps/event-ingestion/openapi.json");

/** An answer of the API, its body read as JSON. */
interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what a server answers has no type.
  readonly body: any;
}

/** What the notification topic was told. */
interface Notice extends Readonly<Record<string, unknown>> {
  readonly type: string;
}

/** The event ingestion as a user of it sees it. */
export interface IngestionApp {
  readonly running: () => RunningApp;
  /** How often the service behind the worker was asked. */
  readonly calls: () => number;
  readonly url: (path: string) => string;
  /** Asks the API; each answer is held to the OpenAPI document. */
  readonly ask: (path: string, init?: RequestInit) => Promise<Answer>;
  /** `POST /events`, with a text as it is and all else as JSON. */
  readonly post: (body: unknown, headers?: Record<string, string>) => Promise<Answer>;
  /** Posts so many events with ids of their own, and adds these. */
  readonly postNew: (ids: string[], prefix: string, count: number) => Promise<void>;
  readonly preview: (query: string) => Promise<Answer>;
  readonly startRedrive: (body: object) => Promise<Answer>;
  /** The orders in the table, by their ids. */
  readonly readOrders: () => Promise<Map<string, { readonly amount: number; readonly messageId: string }>>;
  /** Which of these orders are not there. */
  readonly missingOf: (ids: readonly string[]) => () => Promise<readonly string[]>;
  readonly setMode: (mode: string) => Promise<void>;
  /** What the topic was told so far, of one order or of all. */
  readonly readNotices: (orderId?: string) => Promise<readonly Notice[]>;
  /** The account of the queue of events. */
  readonly readAccount: () => Promise<Awaited<ReturnType<typeof readAccounts>>[number] | undefined>;
  /** What answers so far had that the OpenAPI document does not say. */
  readonly undocumented: readonly string[];
}

/** Runs the app for the tests of a file, with a service behind it, with these settings, and with these flags of `reliq run`. */
export function useIngestionApp(
  settings: Readonly<Record<string, unknown>> = {},
  flags: readonly string[] = [],
): IngestionApp {
  let started: StartedApp | undefined;
  let calls = 0;
  const service = createServer((_, answer) => {
    calls++;
    answer.writeHead(200).end();
  });
  beforeAll(async () => {
    await once(service.listen(0, "127.0.0.1"), "listening");
    const fulfilmentUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
    started = await startApp(appFiles({ fulfilmentUrl, ...settings }), flags);
    await listen(started.app);
  }, 300_000);
  afterAll(async () => {
    service.close();
    await started?.end();
  }, 60_000);
  const running = (): RunningApp => {
    if (!started) throw new Error("The app has not started.");
    return started.app;
  };
  return appAt(running, () => calls);
}

/** The app as it is, with other settings. */
function appFiles(settings: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const cdkJson = JSON.parse(readFileSync("apps/event-ingestion/cdk.json", "utf8")) as { context: object };
  const app = readFileSync("apps/event-ingestion/app.ts", "utf8").replace(
    "./stacks.ts",
    "../event-ingestion/stacks.ts",
  );
  return { "cdk.json": JSON.stringify({ ...cdkJson, context: { ...cdkJson.context, ...settings } }), "app.ts": app };
}

/** Has a queue of the test's own hear what the topic is told. */
async function listen({ settings, sqs }: RunningApp): Promise<void> {
  await sqs.send(new CreateQueueCommand({ QueueName: "heard" }));
  await new SNSClient(settings).send(
    new SubscribeCommand({
      TopicArn: "arn:aws:sns:us-east-1:000000000000:ingestion-dev-notifications",
      Protocol: "sqs",
      Endpoint: "arn:aws:sqs:us-east-1:000000000000:heard",
      Attributes: { RawMessageDelivery: "true" },
    }),
  );
}

function appAt(running: () => RunningApp, calls: () => number): IngestionApp {
  const undocumented: string[] = [];
  const url = (path: string): string => `${running().endpoint}/_api/ingestion-dev-api${path}`;
  const ask: IngestionApp["ask"] = async (path, init = {}) => {
    const answer = await fetch(url(path), init);
    const { status, headers } = answer;
    const body = await answer.json();
    const { method = "GET" } = init;
    undocumented.push(...problemsOf(DOCUMENT, { method, path: path.split("?")[0] ?? "", status, body }));
    return { status, headers, body };
  };
  const post: IngestionApp["post"] = (body, headers = {}) =>
    ask("/events", {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
    });
  const readOrders: IngestionApp["readOrders"] = async () => {
    const scan = new ScanCommand({ TableName: "ingestion-dev-orders" });
    const { Items = [] } = await new DynamoDBClient(running().settings).send(scan);
    const order = ({ amount, messageId }: (typeof Items)[number]) => ({
      amount: Number(amount?.N),
      messageId: messageId?.S ?? "",
    });
    return new Map(Items.map((item) => [item["orderId"]?.S ?? "", order(item)]));
  };
  return {
    running,
    calls,
    url,
    ask,
    post,
    readOrders,
    undocumented,
    postNew: async (ids, prefix, count) => {
      const added = Array.from({ length: count }, (_, index) => `${prefix}-${ids.length + index}`);
      ids.push(...added);
      expect((await post(added.map((orderId) => ({ orderId, amount: 1 })))).status).toBe(202);
    },
    preview: (query) => ask(`/redrive/preview?${query}`, { headers: SIGNED }),
    startRedrive: (body) => ask("/redrive/start", { method: "POST", headers: SIGNED, body: JSON.stringify(body) }),
    missingOf: (ids) => async () => {
      const orders = await readOrders();
      return ids.filter((id) => !orders.has(id));
    },
    setMode: async (Value) => {
      const put = new PutParameterCommand({ Name: "/ingestion/failure_mode", Value, Overwrite: true });
      await new SSMClient(running().settings).send(put);
    },
    readNotices: noticeReader(running),
    readAccount: async () =>
      (await readAccounts(running().endpoint)).find(({ queue }) => queue === "ingestion-dev-events"),
  };
}

function noticeReader(running: () => RunningApp): IngestionApp["readNotices"] {
  const notices: Notice[] = [];
  return async (orderId) => {
    const sqs = new SQSClient(running().settings);
    for (;;) {
      const QueueUrl = running().url("heard");
      const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 3_600 });
      const { Messages = [] } = await sqs.send(receive);
      if (Messages.length === 0) return notices.filter((each) => orderId === undefined || each["orderId"] === orderId);
      for (const { Body = "{}" } of Messages) {
        const event = JSON.parse(Body) as { "detail-type": string; detail: object };
        notices.push({ ...event.detail, type: event["detail-type"] });
      }
    }
  };
}
