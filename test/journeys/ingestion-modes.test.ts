import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDBClient, GetItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningApp, withApp } from "./app.ts";
import { problemsOf, readOpenApi } from "./openapi.ts";
import { readAccounts } from "./region.ts";

/** How often the service behind the worker was asked. */
let calls = 0;
const service = createServer((_, answer) => {
  calls++;
  answer.writeHead(200).end();
});

const document = readOpenApi("apps/event-ingestion/openapi.json");
/** What answers had that the document does not say. */
const undocumented: string[] = [];

let endpoint: string;
let settings: RunningApp["settings"];
let stop: () => Promise<void>;

/** The app as it is, with a service behind it, and a throttle that a test can reach. */
function appFiles(fulfilmentUrl: string): Readonly<Record<string, string>> {
  const cdkJson = JSON.parse(readFileSync("apps/event-ingestion/cdk.json", "utf8")) as { context: object };
  const context = { ...cdkJson.context, fulfilmentUrl, throttleRatePerSecond: 50, throttleBurst: 100 };
  const app = readFileSync("apps/event-ingestion/app.ts", "utf8").replace(
    "./stacks.ts",
    "../event-ingestion/stacks.ts",
  );
  return { "cdk.json": JSON.stringify({ ...cdkJson, context }), "app.ts": app };
}

beforeAll(async () => {
  await once(service.listen(0, "127.0.0.1"), "listening");
  const started = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<void>();
  const running = withApp(appFiles(`http://127.0.0.1:${(service.address() as AddressInfo).port}`), (app) => {
    ({ endpoint, settings } = app);
    started.resolve();
    return stopped.promise;
  });
  running.catch(started.reject);
  stop = () => {
    stopped.resolve();
    service.close();
    return running;
  };
  await started.promise;
  await listen();
}, 300_000);
afterAll(() => stop(), 60_000);

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what a server answers has no type.
  readonly body: any;
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(`${endpoint}/_api/ingestion-dev-api${path}`, init);
  const { status, headers } = answer;
  const body = await answer.json();
  const { method = "GET" } = init;
  undocumented.push(...problemsOf(document, { method, path: path.split("?")[0] ?? "", status, body }));
  return { status, headers, body };
}

function post(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return ask("/events", { method: "POST", headers: { "content-type": "application/json", ...headers }, body: text });
}

/** The orders in the table, by their ids. */
async function readOrders(): Promise<Map<string, { amount: number; messageId: string }>> {
  const client = new DynamoDBClient(settings);
  const { Items = [] } = await client.send(new ScanCommand({ TableName: "ingestion-dev-orders" }));
  return new Map(
    Items.map((item) => [
      item["orderId"]?.S ?? "",
      { amount: Number(item["amount"]?.N), messageId: item["messageId"]?.S ?? "" },
    ]),
  );
}

const WAIT = { timeout: 60_000, interval: 300 };

const missingOf = (ids: readonly string[]) => async (): Promise<readonly string[]> => {
  const orders = await readOrders();
  return ids.filter((id) => !orders.has(id));
};

async function postNew(ids: string[], prefix: string, count: number): Promise<void> {
  const added = Array.from({ length: count }, (_, index) => `${prefix}-${ids.length + index}`);
  ids.push(...added);
  await post(added.map((orderId) => ({ orderId, amount: 1 })));
}

async function setMode(Value: string): Promise<void> {
  await new SSMClient(settings).send(
    new PutParameterCommand({ Name: "/ingestion/failure_mode", Value, Overwrite: true }),
  );
}

async function acceptedByQueue(): Promise<number> {
  return (await readAccounts(endpoint)).find(({ queue }) => queue === "ingestion-dev-events")?.accepted ?? 0;
}

interface Notice extends Readonly<Record<string, unknown>> {
  readonly type: string;
}
const notices: Notice[] = [];

/** Has a queue of the test's own hear what the topic is told. */
async function listen(): Promise<void> {
  await new SQSClient(settings).send(new CreateQueueCommand({ QueueName: "heard" }));
  await new SNSClient(settings).send(
    new SubscribeCommand({
      TopicArn: "arn:aws:sns:us-east-1:000000000000:ingestion-dev-notifications",
      Protocol: "sqs",
      Endpoint: "arn:aws:sqs:us-east-1:000000000000:heard",
      Attributes: { RawMessageDelivery: "true" },
    }),
  );
}

/** What the topic was told so far, of one order or of all. */
async function readNotices(orderId?: string): Promise<readonly Notice[]> {
  const sqs = new SQSClient(settings);
  for (;;) {
    const QueueUrl = `${endpoint}/000000000000/heard`;
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 3_600 });
    const { Messages = [] } = await sqs.send(receive);
    if (Messages.length === 0) return notices.filter((each) => orderId === undefined || each["orderId"] === orderId);
    for (const { Body = "{}" } of Messages) {
      const event = JSON.parse(Body) as { "detail-type": string; detail: object };
      notices.push({ ...event.detail, type: event["detail-type"] });
    }
  }
}

describe("an event that is posted", () => {
  test("is acknowledged with its message's id and the request's correlation id, and has its effect in the table", async () => {
    expect(await ask("/health")).toMatchObject({ status: 200, body: { status: "ok" } });
    const { status, headers, body } = await post({ orderId: "one", amount: 12.5 }, { "x-correlation-id": "c-1" });
    expect([status, body, headers.get("x-correlation-id")]).toEqual([
      202,
      { orderId: "one", messageId: expect.stringMatching(/^[0-9a-f-]{36}$/), correlationId: "c-1" },
      "c-1",
    ]);
    await expect
      .poll(async () => (await readOrders()).get("one"), WAIT)
      .toEqual({ amount: 12.5, messageId: body.messageId });
    expect(calls).toBe(1);
    await expect.poll(() => readNotices("one"), WAIT).toMatchObject([{ type: "EventProcessed", correlationId: "c-1" }]);
  }, 90_000);

  test("gets the first answer when it is repeated, by its order's id or by the request's key, and has one effect", async () => {
    const event = { orderId: "repeated", amount: 1 };
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(event)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    const keyed = { "idempotency-key": "key-1" };
    const list = [{ orderId: "k-1", amount: 1 }, { orderId: "k-2", amount: 2 }, event];
    const first = await post(list, keyed);
    expect(first.body.events.map((each: { orderId: string }) => each.orderId)).toEqual(["k-1", "k-2", "repeated"]);
    expect(first.body.events[2]).toEqual(answers[0]?.body);
    expect((await post(list, keyed)).body).toEqual(first.body);
    await expect
      .poll(async () => [...(await readOrders()).keys()], WAIT)
      .toEqual(expect.arrayContaining(["k-1", "k-2", "repeated"]));
  }, 90_000);

  test("is refused where its key stands for something else, and what came with it is accepted", async () => {
    await post({ orderId: "taken", amount: 1 }, { "idempotency-key": "key-2" });
    const { status, body } = await post([
      { orderId: "taken", amount: 2 },
      { orderId: "free", amount: 2 },
    ]);
    expect([status, body.error, body.fields.map((each: { field: string }) => each.field)]).toEqual([
      422,
      "conflict",
      ["[0].orderId"],
    ]);
    expect(body.accepted).toMatchObject([{ orderId: "free" }]);
    const other = await post({ orderId: "other", amount: 1 }, { "idempotency-key": "key-2" });
    expect([other.status, other.body.fields[0].field]).toEqual([422, "Idempotency-Key"]);
  });

  test("is refused with each bad field named; a body that is no JSON with the reason; none crashes the function", async () => {
    const fieldsOf = async (body: unknown): Promise<unknown> => {
      const { status, body: answer } = await post(body);
      return [status, (answer.fields ?? []).map((each: { field: string }) => each.field)];
    };
    expect(await fieldsOf({ amount: "much" })).toEqual([400, ["orderId", "amount"]]);
    expect(await fieldsOf([{ orderId: "a", amount: 1 }, { orderId: "" }, 7])).toEqual([
      400,
      ["[1].orderId", "[1].amount", "[2]"],
    ]);
    for (const body of [
      "",
      "[]",
      "null",
      '{"orderId":"a","amount":1',
      "[".repeat(100_000),
      `{"orderId":"a","amount":1,"x":${"[".repeat(5_000)}${"]".repeat(5_000)}}`,
      '\uFEFF{"orderId":"a","amount":1}',
      '{"orderId":"a\u0000","amount":1}',
    ]) {
      expect(await fieldsOf(body), body.slice(0, 40)).toEqual([400, ["body"]]);
    }
    expect(await fieldsOf('{"orderId":"\\u0000","amount":1e400}')).toEqual([400, ["orderId", "amount"]]);
    expect(await fieldsOf('{"orderId":"\\ud800","amount":1}')).toEqual([400, ["orderId"]]);
    expect(
      (await post('{"orderId":"x","orderId":"twice","amount":1,"note":"\\ud800 \uFFFF \\u0000"}')).body,
    ).toMatchObject({
      orderId: "twice",
    });
  });

  test("is refused over 2 MiB, and where it is not said to be JSON", async () => {
    expect((await post({ orderId: "a", amount: 1, x: "x".repeat(2_200_000) })).status).toBe(413);
    const large = await post([{ orderId: "a", amount: 1, x: "x".repeat(1_045_000) }]);
    expect([large.status, large.body.fields]).toMatchObject([413, [{ field: "[0]" }]]);
    expect((await post({ orderId: "a", amount: 1 }, { "content-type": "text/plain" })).status).toBe(415);
  });
});

/** What a signed request carries; the local region takes any signature. */
const SIGNED = {
  authorization: `AWS4-HMAC-SHA256 Credential=ann/20261126/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
};

describe("a redrive", () => {
  const preview = (query: string): Promise<Answer> => ask(`/redrive/preview?${query}`, { headers: SIGNED });
  const start = (body: object): Promise<Answer> =>
    ask("/redrive/start", { method: "POST", headers: SIGNED, body: JSON.stringify(body) });

  test("is refused to who does not sign, and names each wrong parameter", async () => {
    expect((await ask("/redrive/preview")).status).toBe(403);
    expect((await ask("/redrive/start", { method: "POST", body: "{}" })).status).toBe(403);
    const { status, body } = await preview("maxMessages=1001&minAgeSeconds=soon&mode=fast");
    expect([status, body.fields.map((each: { field: string }) => each.field).sort()]).toEqual([
      400,
      ["maxMessages", "minAgeSeconds", "mode"],
    ]);
    const wrong = await start({ perMessageDelayJitter: 901, maxMessages: 0 });
    expect(wrong.body.fields.map((each: { field: string }) => each.field)).toEqual([
      "maxMessages",
      "perMessageDelayJitter",
    ]);
  });

  test("is previewed without effect and says of each held message whether it would be sent; the filter and the least age hold", async () => {
    const sqs = new SQSClient(settings);
    const QueueUrl = `${endpoint}/000000000000/ingestion-dev-events`;
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"orderId":"poison"}' }));
    const schemaErrors = "errorType=SchemaValidationError&minAgeSeconds=0";
    await expect.poll(async () => (await preview(`maxMessages=20&${schemaErrors}`)).body.found, WAIT).toBe(1);
    const { body } = await preview(`maxMessages=20&${schemaErrors}`);
    expect(body.messages).toMatchObject([{ verdict: "schema-invalid" }]);
    expect((await preview("errorType=TimeoutFailure&minAgeSeconds=0")).body.found).toBe(0);
    expect((await preview("minAgeSeconds=3600")).body.messages).toMatchObject([{ verdict: "too-young" }]);
    expect(await preview(schemaErrors)).toMatchObject({ body: { found: 1, toRedrive: 0 } });
    const started = await start({
      maxMessages: 5,
      errorType: "SchemaValidationError",
      minAgeSeconds: 0,
      perMessageDelayJitter: 1,
    });
    expect([started.status, started.body]).toMatchObject([202, { runId: expect.any(String), state: "planning" }]);
  }, 120_000);

  test("brings back by the API alone what the failure mode poison_payload killed, once that is over, and all of it has its effect", async () => {
    await setMode("poison_payload");
    const ids: string[] = [];
    const killed = "errorType=SchemaValidationError&minAgeSeconds=0";
    const isPoisoned = async (): Promise<boolean> => {
      await postNew(ids, "poison", 1);
      return (await preview(killed)).body.toRedrive > 0;
    };
    await expect.poll(isPoisoned, { timeout: 60_000, interval: 1_000 }).toBe(true);
    await setMode("none");
    expect(await readNotices()).toContainEqual(
      expect.objectContaining({ category: "VALIDATION", reliqCategory: "validation" }),
    );
    // Held longer than a worker may run, all that has no effect yet: the claims of the attempts that failed are over.
    const stillYoung = async (): Promise<number> => {
      const { toRedrive } = (await preview("maxMessages=100&errorType=SchemaValidationError&minAgeSeconds=35")).body;
      return (await missingOf(ids)()).length - toRedrive;
    };
    await expect.poll(stillYoung, { timeout: 120_000, interval: 1_000 }).toBe(0);
    const fixed = { maxMessages: 100, errorType: "SchemaValidationError", minAgeSeconds: 35, perMessageDelayJitter: 1 };
    await expect.poll(async () => (await start(fixed)).status, WAIT).toBe(202);
    await expect.poll(missingOf(ids), { timeout: 120_000, interval: 1_000 }).toEqual([]);
  }, 300_000);

  test("has nothing to bring back after slow_downstream: the breaker opens, keeps events waiting, and lets them through again", async () => {
    await setMode("slow_downstream");
    const ids: string[] = [];
    const isOpen = async (): Promise<boolean> => {
      await postNew(ids, "slow", 10);
      const Key = { pk: { S: "breaker#fulfilment" }, sk: { S: "breaker" } };
      const get = new GetItemCommand({ TableName: "ingestion-dev-journal", Key });
      return (await new DynamoDBClient(settings).send(get)).Item !== undefined;
    };
    await expect.poll(isOpen, { timeout: 60_000, interval: 6_000 }).toBe(true);
    await setMode("none");
    await expect.poll(missingOf(ids), { timeout: 120_000, interval: 1_000 }).toEqual([]);
    expect((await preview("errorType=TimeoutFailure&minAgeSeconds=0")).body.found).toBe(0);
  }, 240_000);
});

test("with duplicate_submit each event is on the queue twice, and has one effect", async () => {
  await setMode("duplicate_submit");
  const ids: string[] = [];
  const before = await acceptedByQueue();
  const isDoubled = async (): Promise<boolean> => {
    await postNew(ids, "twice", 1);
    return (await acceptedByQueue()) - before > ids.length;
  };
  await expect.poll(isDoubled, { timeout: 60_000, interval: 1_000 }).toBe(true);
  await setMode("none");
  await expect.poll(missingOf(ids), WAIT).toEqual([]);
  for (const id of ids) expect((await readNotices(id)).length, id).toBeLessThanOrEqual(1);
}, 180_000);

test("at the end every event that was accepted is accounted for", async () => {
  await expect
    .poll(async () => (await readAccounts(endpoint)).find(({ queue }) => queue === "ingestion-dev-events"), WAIT)
    .toMatchObject({ difference: 0, deadLettered: 0 });
}, 90_000);

test("over the throttle a request is answered 429", async () => {
  const answers = await Promise.all(Array.from({ length: 300 }, () => ask("/health")));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
}, 90_000);

test("every answer of all of this is as the OpenAPI document says, and each of its paths is a route of the API", async () => {
  expect(undocumented).toEqual([]);
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const method of Object.keys(operations)) {
      const answer = await fetch(`${endpoint}/_api/ingestion-dev-api${path}`, { method: method.toUpperCase() });
      expect(answer.status, `${method} ${path}`).not.toBe(404);
    }
  }
}, 90_000);
