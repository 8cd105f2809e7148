import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { context, trace } from "@opentelemetry/api";
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { type Region, startRegion } from "@reliq/local";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tracedClient } from "./traced-client.ts";

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const stateDirectory = mkdtempSync(join(tmpdir(), "reliq-traced-"));
let region: Region;

beforeAll(async () => {
  provider.register();
  region = await startRegion({ stateDirectory, port: 0 });
});

afterAll(async () => {
  await provider.shutdown();
  trace.disable();
  context.disable();
  await region.stop();
  rmSync(stateDirectory, { recursive: true, force: true });
});

function client(): SQSClient {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return tracedClient(new SQSClient({ endpoint: region.endpoint, region: "us-east-1", credentials, maxAttempts: 1 }));
}

test("a call is a span, and what the service does is within it; a refusal is its failure, without what was sent", async () => {
  const secret = "jo@example.com";
  await expect(client().send(new GetQueueUrlCommand({ QueueName: secret }))).rejects.toThrow();
  const [span] = exporter.getFinishedSpans();
  expect(span).toMatchObject({ name: "SQS.GetQueueUrl", status: { code: 2 } });
  expect(span?.attributes).toMatchObject({
    "rpc.system": "aws-api",
    "rpc.service": "SQS",
    "rpc.method": "GetQueueUrl",
  });
  expect(JSON.stringify([span?.attributes, span?.events])).not.toContain(secret);
  const { traceId, spanId } = span?.spanContext() ?? { traceId: "", spanId: "" };
  const TraceIds = [`1-${traceId.slice(0, 8)}-${traceId.slice(8)}`];
  const response = await fetch(`${region.endpoint}/Traces`, { method: "POST", body: JSON.stringify({ TraceIds }) });
  const { Traces } = (await response.json()) as { Traces: { Segments: { Document: string }[] }[] };
  const documents = Traces.flatMap(({ Segments }) => Segments.map(({ Document }) => JSON.parse(Document)));
  expect(documents).toMatchObject([{ name: "SQS", parent_id: spanId, aws: { operation: "GetQueueUrl" }, error: true }]);
});
