import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fixture, startFixture } from "../../../test/lambda-fixture.ts";
import { newSegmentId, newTraceId, writeTraceHeader } from "../../kernel/trace-header.ts";
import { type SeenSegment, type XrayFixture, xrayFixture } from "./fixture.ts";

const ACTIVE = { TracingConfig: { Mode: "Active" } };
const QUEUE = "arn:aws:sqs:us-east-1:000000000000:jobs";

let fixture: Fixture;
let xray: XrayFixture;

beforeAll(async () => {
  fixture = await startFixture();
  xray = xrayFixture(() => fixture.region.endpoint);
  await fixture.deploy(
    {
      echo: { code: "export const handler = async () => process.env._X_AMZN_TRACE_ID;", properties: ACTIVE },
      quiet: { code: "export const handler = async () => process.env._X_AMZN_TRACE_ID;" },
      worker: { code: WORKER, properties: ACTIVE },
    },
    {
      Jobs: { Type: "AWS::SQS::Queue", Properties: { QueueName: "jobs", VisibilityTimeout: 3 } },
      Source: {
        Type: "AWS::Lambda::EventSourceMapping",
        Properties: { EventSourceArn: QUEUE, FunctionName: "worker", BatchSize: 1 },
      },
    },
  );
});

afterAll(() => fixture.close());

/** Fails what says so, and dies where it is told to. */
const WORKER = `
let failed = 0;
export const handler = async ({ Records: [{ body }] }) => {
  if (body === "die") { await new Promise((resolve) => setTimeout(resolve, 300)); process.kill(process.pid, "SIGKILL"); }
  if (body === "fail once" && failed++ === 0) throw new TypeError("not today");
};`;

async function invoke(FunctionName: string, traceHeader?: string): Promise<string> {
  const headers = traceHeader === undefined ? {} : { "x-amzn-trace-id": traceHeader };
  const url = `${fixture.region.endpoint}/2015-03-31/functions/${FunctionName}/invocations`;
  return (await (await fetch(url, { method: "POST", headers })).json()) as string;
}

const rootOf = (header: string): string => /Root=([^;]*)/.exec(header)?.[1] ?? "";
const parentOf = (header: string): string => /Parent=([^;]*)/.exec(header)?.[1] ?? "";
const named = (segments: readonly SeenSegment[], name: string): SeenSegment[] =>
  segments.filter((each) => each.name === name);

test("an active function's invocation is the segment on which its own spans hang", async () => {
  const header = await invoke("echo");
  expect(header).toMatch(/;Sampled=1$/);
  const [segment] = await xray.segments(rootOf(header));
  expect(segment).toMatchObject({ id: parentOf(header), name: "echo", origin: "AWS::Lambda::Function" });
  expect(segment?.end_time).toBeGreaterThanOrEqual(segment?.start_time ?? 0);
});

test("a caller's trace goes on, also through a function that only passes traces; what the caller does not sample is not traced", async () => {
  const root = newTraceId(Date.now());
  const parent = newSegmentId();
  const header = await invoke("quiet", writeTraceHeader({ root, parent, sampled: true }));
  expect(rootOf(header)).toBe(root);
  expect(await xray.segments(root)).toMatchObject([{ name: "quiet", parent_id: parent, id: parentOf(header) }]);
  const unsampled = await invoke("echo", writeTraceHeader({ root: newTraceId(Date.now()), parent, sampled: false }));
  expect(unsampled).toMatch(/;Sampled=0$/);
  expect(await xray.segments(rootOf(unsampled))).toEqual([]);
  expect(await xray.segments(rootOf(await invoke("quiet")))).toEqual([]);
});

async function send(MessageBody: string): Promise<{ messageId: string; root: string }> {
  const root = newTraceId(Date.now());
  const QueueUrl = `${fixture.region.endpoint}/000000000000/jobs`;
  const StringValue = writeTraceHeader({ root, parent: newSegmentId(), sampled: true });
  const MessageSystemAttributes = { AWSTraceHeader: { DataType: "String", StringValue } } as const;
  const command = new SendMessageCommand({ QueueUrl, MessageBody, MessageSystemAttributes });
  return { messageId: (await fixture.sqs.send(command)).MessageId ?? "", root };
}

test("each receive is a trace of its own, linked to the sender's: how long the message waited, and what its function did", async () => {
  const { messageId, root } = await send("fail once");
  const found = await xray.found(`annotation.message_id = "${messageId}"`, (each) => {
    const ended = named(each, "worker").filter(({ end_time }) => end_time !== undefined);
    return ended.length === 2;
  });
  const waits = named(found, "jobs");
  expect(waits.map(({ annotations }) => annotations?.["receive_count"]).sort()).toEqual([1, 2]);
  for (const wait of waits) expect(wait).toMatchObject({ origin: "AWS::SQS::Queue", links: [{ trace_id: root }] });
  const [first, second] = named(found, "worker").sort((a, b) => a.start_time - b.start_time);
  expect(first).toMatchObject({ fault: true, cause: { exceptions: [{ type: "TypeError", message: "not today" }] } });
  expect(first?.links).toMatchObject([{ trace_id: root }]);
  expect(second?.fault).toBeUndefined();
  expect(second?.trace_id).not.toBe(first?.trace_id);
}, 60_000);

test("a function that is killed leaves a segment that is in progress first, and then says how it ended", async () => {
  const { messageId } = await send("die");
  const filter = `annotation.message_id = "${messageId}"`;
  await xray.found(filter, (each) => named(each, "worker").some(({ in_progress }) => in_progress === true));
  const ended = await xray.found(filter, (each) => named(each, "worker").some(({ fault }) => fault === true));
  const [killed] = named(ended, "worker").filter(({ fault }) => fault);
  expect(killed?.cause?.exceptions[0]?.message).toContain("signal: killed");
  await fixture.region.call("sqs", "PurgeQueue", { QueueUrl: `${fixture.region.endpoint}/000000000000/jobs` });
}, 60_000);

test("the calls of a function's SDK and what a topic gives on are parts of its trace, and addresses are none", async () => {
  const { endpoint } = fixture.region;
  const settings = { endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const sns = new SNSClient(settings);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "news" }));
  await fixture.sqs.send(new CreateQueueCommand({ QueueName: "readers" }));
  const Endpoint = "arn:aws:sqs:us-east-1:000000000000:readers";
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sms", Endpoint: "+15550100" }));
  const root = newTraceId(Date.now());
  const parent = newSegmentId();
  sns.middlewareStack.add(
    (next) => (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      headers["X-Amzn-Trace-Id"] = writeTraceHeader({ root, parent, sampled: true });
      return next(args);
    },
    { step: "build" },
  );
  await sns.send(new PublishCommand({ TopicArn, Message: "hello" }));
  const QueueUrl = `${endpoint}/000000000000/readers`;
  const receive = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10, MessageSystemAttributeNames: ["All"] });
  const { Messages: [message] = [] } = await fixture.sqs.send(receive);
  const segments = await xray.segments(root);
  const [call] = named(segments, "SNS");
  expect(call).toMatchObject({ parent_id: parent, aws: { operation: "Publish" } });
  const hops = named(segments, "news");
  expect(hops.map(({ aws }) => aws?.["operation"]).sort()).toEqual(["to sms the outbox", "to sqs readers"]);
  expect(JSON.stringify(segments)).not.toContain("5550100");
  const toQueue = hops.find(({ aws }) => aws?.["operation"] === "to sqs readers");
  expect(message?.Attributes?.["AWSTraceHeader"]).toBe(writeTraceHeader({ root, parent: toQueue?.id, sampled: true }));
}, 60_000);
