import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DeleteEventSourceMappingCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from "@aws-sdk/client-lambda";
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { startRegionOf, withServers } from "../harness/server-process.ts";
import { synthesizeApp } from "../harness/synthesize-app.ts";
import { untilAnswered } from "../harness/until-answered.ts";
import { CREDENTIALS } from "./consumer-requests.ts";
import { type CountingProxy, startCountingProxy } from "./counting-proxy.ts";
import { LIST_PRICES, PRICES_AS_OF } from "./list-prices.ts";

/** Events of the measurement, and how many a batch of the worker has. */
const EVENTS = 100;
const BATCH = 10;

/** What Lambda bills is not measured here, where there is no AWS: milliseconds of an invocation, and its memory, GB. */
const ASSUMED = { ingestMs: 30, ingestGb: 1, workerMs: 120, workerGb: 0.5 };

/** What Lambda itself writes for an invocation, START, END and REPORT, and CloudWatch counts for each of its lines, bytes. */
const PLATFORM_BYTES = 320;
const LINE_BYTES = 26;

/** What an event of the ingestion costs, counted on its way from the request to its effect. */
interface CountedCost {
  readonly asOf: string;
  readonly requestsPerEvent: Readonly<Record<string, number>>;
  readonly writeUnitsPerEvent: number;
  readonly readUnitsPerEvent: number;
  readonly logBytesPerEvent: number;
  /** USD a million events, by service, and together. */
  readonly usdPerMillion: Readonly<Record<string, number>>;
  readonly usdPerMillionEvents: number;
}

/** Counts what functions ask of services for each event, and multiplies it by list prices. */
export async function benchCost(): Promise<CountedCost> {
  const directory = mkdtempSync(join(tmpdir(), "reliq-cost-"));
  synthesizeApp("apps/event-ingestion", directory);
  try {
    return await withServers([startRegionOf(directory)], async ([region]) => {
      const endpoint = region?.endpoint ?? "";
      await untilAnswered(`${endpoint}/_api/ingestion-dev-api/health`);
      const proxy = await startCountingProxy(endpoint);
      try {
        return await countEvents(endpoint, proxy, directory);
      } finally {
        proxy.end();
      }
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function countEvents(endpoint: string, proxy: CountingProxy, assembly: string): Promise<CountedCost> {
  const settings = { endpoint, region: "us-east-1", credentials: CREDENTIALS };
  await takeOver(new LambdaClient(settings), endpoint, proxy.endpoint);
  const ingest = await handlerOf<Ingest>(assembly, "ingestion-dev-ingest");
  const worker = await handlerOf<Worker>(assembly, "ingestion-dev-worker");
  const log = muteLog();
  for (let index = 0; index < EVENTS; index++) {
    const body = JSON.stringify({ orderId: `cost-${index}`, amount: 12.5, note: "one of a hundred" });
    const requestContext = { requestId: `r-${index}` };
    const headers = { "content-type": "application/json" };
    const { statusCode } = await ingest({ routeKey: "POST /events", headers, body, requestContext });
    if (statusCode !== 202) throw new Error(`An event was answered ${statusCode}.`);
  }
  console.error(`${EVENTS} events are accepted`);
  const batches = await workOff(new SQSClient(settings), `${endpoint}/000000000000/ingestion-dev-events`, worker);
  return priced(proxy, batches, log.end() + (EVENTS + batches) * PLATFORM_BYTES);
}

/** Takes the worker off its queue, and gives this process the functions' own environment, with the proxy's address for the region's. */
async function takeOver(lambda: LambdaClient, endpoint: string, proxy: string): Promise<void> {
  const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}));
  for (const { UUID, FunctionArn } of EventSourceMappings) {
    if (FunctionArn?.endsWith("-worker")) await lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
  }
  for (const FunctionName of ["ingestion-dev-ingest", "ingestion-dev-worker"]) {
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    for (const [name, value] of Object.entries(Environment?.Variables ?? {})) {
      process.env[name] = value.replaceAll(endpoint, proxy);
    }
  }
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: proxy,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  });
}

/** The handler of a function of an assembly, from its bundle. */
async function handlerOf<T>(assembly: string, functionName: string): Promise<T> {
  interface Defined {
    readonly Properties: { readonly FunctionName?: string; readonly Code: { readonly S3Key: string } };
  }
  const { Resources } = JSON.parse(
    readFileSync(join(assembly, "event-ingestion-dev-functions.template.json"), "utf8"),
  ) as { readonly Resources: Readonly<Record<string, Defined>> };
  const found = Object.values(Resources).find(({ Properties }) => Properties?.FunctionName === functionName);
  const asset = `asset.${found?.Properties.Code.S3Key.replace(".zip", "")}`;
  const [index = ""] = globSync(join(assembly, asset, "index.*js"));
  return ((await import(index)) as { readonly handler: T }).handler;
}

/** Counts the bytes of log lines in place of writing them. */
function muteLog(): { readonly end: () => number } {
  const { write } = process.stdout;
  let bytes = 0;
  process.stdout.write = ((text: string | Uint8Array, ...rest: readonly unknown[]) => {
    bytes += Buffer.byteLength(text) + LINE_BYTES;
    for (const each of rest) if (typeof each === "function") each();
    return true;
  }) as typeof write;
  return {
    end: () => {
      process.stdout.write = write;
      return bytes;
    },
  };
}

type Ingest = (request: object) => Promise<{ readonly statusCode: number }>;
type Worker = (event: never, context: never) => Promise<{ readonly batchItemFailures: readonly unknown[] }>;

/** Does what Lambda's event source does, and gives how many batches it took. */
async function workOff(sqs: SQSClient, QueueUrl: string, worker: Worker): Promise<number> {
  const receive = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: BATCH,
    MessageAttributeNames: ["All"],
    MessageSystemAttributeNames: ["All"],
  });
  for (let batches = 0; ; batches++) {
    const { Messages = [] } = await sqs.send(receive);
    if (Messages.length === 0) return batches;
    const context = { awsRequestId: crypto.randomUUID(), getRemainingTimeInMillis: () => 30_000 };
    const { batchItemFailures } = await worker({ Records: Messages.map(recordOf) } as never, context as never);
    if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} events failed.`);
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}

function recordOf({ MessageId, ReceiptHandle, Body, Attributes, MessageAttributes = {} }: Message): object {
  const attributes = Object.entries(MessageAttributes).map(([name, { DataType, StringValue }]) => [
    name,
    { dataType: DataType, stringValue: StringValue },
  ]);
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: Attributes,
    messageAttributes: Object.fromEntries(attributes),
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:ingestion-dev-events",
    awsRegion: "us-east-1",
  };
}

function priced({ counted }: CountingProxy, batches: number, logBytes: number): CountedCost {
  const each = (count: number): number => Number((count / EVENTS).toFixed(4));
  const { ingestMs, ingestGb, workerMs, workerGb } = ASSUMED;
  const sends = Object.entries(counted.requests).filter(([action]) => action.startsWith("AmazonSQS."));
  const gigabyteSeconds = (EVENTS * ingestMs * ingestGb + batches * workerMs * workerGb) / 1_000;
  const usd: Record<string, number> = {
    "API Gateway": EVENTS * LIST_PRICES.httpApiRequest,
    Lambda: (EVENTS + batches) * LIST_PRICES.lambdaRequest + gigabyteSeconds * LIST_PRICES.lambdaGigabyteSecond,
    SQS: (sends.reduce((sum, [, count]) => sum + count, 0) + 2 * batches) * LIST_PRICES.sqsStandardRequest,
    DynamoDB: counted.writeUnits * LIST_PRICES.dynamodbWriteUnit + counted.readUnits * LIST_PRICES.dynamodbReadUnit,
    EventBridge: counted.events * LIST_PRICES.eventBridgeEvent,
    SNS: counted.events * LIST_PRICES.snsPublish,
    "CloudWatch Logs": (logBytes / 1e9) * LIST_PRICES.logsGigabyte,
  };
  const million = Object.entries(usd).map(([name, value]) => [name, (value / EVENTS) * 1_000_000] as const);
  return {
    asOf: PRICES_AS_OF,
    requestsPerEvent: {
      ...Object.fromEntries(Object.entries(counted.requests).map(([action, count]) => [action, each(count)])),
      "Lambda's receives and deletes": each(2 * batches),
      "events put": each(counted.events),
    },
    writeUnitsPerEvent: each(counted.writeUnits),
    readUnitsPerEvent: each(counted.readUnits),
    logBytesPerEvent: Math.round(logBytes / EVENTS),
    usdPerMillion: Object.fromEntries(million.map(([name, value]) => [name, Number(value.toFixed(2))])),
    usdPerMillionEvents: Number(million.reduce((sum, [, value]) => sum + value, 0).toFixed(2)),
  };
}
