import { randomUUID } from "node:crypto";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Members } from "../../kernel/service.ts";
import { newBucket, openRegion, put, refusal, type TestRegion } from "./fixture.ts";

interface EventRecord {
  readonly eventName: string;
  readonly s3: { readonly object: Members & { readonly key: string; readonly sequencer: string } };
}

let here: TestRegion;
let Bucket: string;
let queue: string;
beforeEach(async () => {
  here = await openRegion();
  Bucket = await newBucket(here);
  queue = await newQueue();
});
afterEach(() => here.close());

async function newQueue(Attributes: Members = {}): Promise<string> {
  const QueueName = `q-${randomUUID()}${Attributes["FifoQueue"] ? ".fifo" : ""}`;
  await here.region.call("sqs", "CreateQueue", { QueueName, Attributes });
  return `arn:aws:sqs:us-east-1:000000000000:${QueueName}`;
}

const configure = (configuration: NotificationConfiguration) =>
  here.s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: configuration }));

/** The messages of a queue, once there are so many. */
async function messages(count: number, arn = queue): Promise<Members[]> {
  const found: Members[] = [];
  const QueueUrl = `${here.region.endpoint}/000000000000/${arn.split(":").at(-1)}`;
  const take = async (): Promise<number> => {
    const { Messages } = await here.region.call("sqs", "ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 10 });
    for (const { Body } of (Messages ?? []) as { Body: string }[]) found.push(JSON.parse(Body));
    return found.length;
  };
  await expect.poll(take, { timeout: 10_000, interval: 20 }).toBe(count);
  return found;
}

const records = async (count: number): Promise<EventRecord[]> =>
  (await messages(count + 1)).flatMap(({ Records }) => (Records ?? []) as EventRecord[]);

// source: user guide, Event message structure
test("a put tells the queue what came, in the structure of version 2.1", async () => {
  await configure({ QueueConfigurations: [{ Id: "mine", QueueArn: queue, Events: ["s3:ObjectCreated:*"] }] });
  const etag = await put(here, Bucket, "in/a b+ü.txt", "hello");
  const [record] = await records(1);
  expect(record).toMatchObject({
    eventVersion: "2.1",
    eventSource: "aws:s3",
    awsRegion: "us-east-1",
    eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    eventName: "ObjectCreated:Put",
    s3: {
      s3SchemaVersion: "1.0",
      configurationId: "mine",
      bucket: { name: Bucket, arn: `arn:aws:s3:::${Bucket}` },
      object: {
        key: "in/a+b%2B%C3%BC.txt",
        size: 5,
        eTag: JSON.parse(etag),
        sequencer: expect.stringMatching(/^[0-9A-F]+$/),
      },
    },
  });
});

// source: user guide, Enabling notifications (Amazon S3 sends a test message)
test("a queue gets a test message when it is configured", async () => {
  await configure({ QueueConfigurations: [{ QueueArn: queue, Events: ["s3:ObjectRemoved:*"] }] });
  expect(await messages(1)).toMatchObject([{ Service: "Amazon S3", Event: "s3:TestEvent", Bucket }]);
});

// source: user guide, Supported event types
test("each way to make and to remove an object has its event, with sequencers that grow", async () => {
  await configure({
    QueueConfigurations: [{ QueueArn: queue, Events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:Delete"] }],
  });
  await put(here, Bucket, "k", "1");
  await here.s3.send(
    new CopyObjectCommand({ Bucket, Key: "k", CopySource: `${Bucket}/k`, StorageClass: "STANDARD_IA" }),
  );
  const { UploadId } = await here.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "k" }));
  const { ETag } = await here.s3.send(new UploadPartCommand({ Bucket, Key: "k", UploadId, PartNumber: 1, Body: "p" }));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  await here.s3.send(new CompleteMultipartUploadCommand({ Bucket, Key: "k", UploadId, MultipartUpload }));
  await here.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
  await here.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
  const found = (await records(4)).toSorted((a, b) => (a.s3.object.sequencer < b.s3.object.sequencer ? -1 : 1));
  const names = found.map(({ eventName }) => eventName);
  const created = ["Put", "Copy", "CompleteMultipartUpload"].map((name) => `ObjectCreated:${name}`);
  expect(names).toEqual([...created, "ObjectRemoved:Delete"]);
  expect(found[3]?.s3.object).toEqual({ key: "k", sequencer: expect.any(String) });
});

// source: user guide, Configuring event notifications using object key name filtering
test("a filter takes keys by their prefix and suffix only", async () => {
  const FilterRules = [
    { Name: "prefix", Value: "in/" },
    { Name: "suffix", Value: ".json" },
  ] as const;
  const Filter = { Key: { FilterRules: [...FilterRules] } };
  await configure({ QueueConfigurations: [{ QueueArn: queue, Events: ["s3:ObjectCreated:Put"], Filter }] });
  for (const key of ["in/a.txt", "out/b.json", "in/c.json"]) await put(here, Bucket, key);
  expect((await records(1)).map(({ s3 }) => s3.object.key)).toEqual(["in/c.json"]);
});

// source: API_GetBucketNotificationConfiguration
test("a configuration is shown as it was put, with an id where it had none, and an empty one ends it", async () => {
  const given = { QueueArn: queue, Events: ["s3:ObjectCreated:Put" as const] };
  await configure({ QueueConfigurations: [given] });
  const shown = () => here.s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
  expect((await shown()).QueueConfigurations).toMatchObject([{ ...given, Id: expect.any(String) }]);
  await configure({});
  await put(here, Bucket, "quiet");
  expect((await shown()).QueueConfigurations).toBeUndefined();
  expect(await messages(1)).toMatchObject([{ Event: "s3:TestEvent" }]);
});

// source: user guide, Configuring event notifications (overlapping filters; FIFO queues are not supported); API errors
test("targets that are not there, overlaps, FIFO queues and other kinds are refused", async () => {
  const events = { Events: ["s3:ObjectCreated:*" as const] };
  const invalid = refusal("InvalidArgument", 400);
  const missing = `${queue}-none`;
  await expect(configure({ QueueConfigurations: [{ QueueArn: missing, ...events }] })).rejects.toMatchObject(invalid);
  const twice = [
    { QueueArn: queue, ...events },
    { QueueArn: queue, Events: ["s3:ObjectCreated:Put" as const] },
  ];
  await expect(configure({ QueueConfigurations: twice })).rejects.toMatchObject(invalid);
  const fifo = await newQueue({ FifoQueue: "true" });
  await expect(configure({ QueueConfigurations: [{ QueueArn: fifo, ...events }] })).rejects.toMatchObject(invalid);
  const topic = { TopicArn: "arn:aws:sns:us-east-1:000000000000:t", ...events };
  const refused = refusal("NotImplemented", 501);
  await expect(configure({ TopicConfigurations: [topic] })).rejects.toMatchObject(refused);
  const restored = [{ QueueArn: queue, Events: ["s3:ObjectRestore:Post" as const] }];
  await expect(configure({ QueueConfigurations: restored })).rejects.toMatchObject(refused);
});

test("what a refused write would have told is not told", async () => {
  await configure({ QueueConfigurations: [{ QueueArn: queue, Events: ["s3:ObjectCreated:*"] }] });
  await put(here, Bucket, "k", "1");
  await expect(put(here, Bucket, "k", "2", { IfNoneMatch: "*" })).rejects.toMatchObject(
    refusal("PreconditionFailed", 412),
  );
  await put(here, Bucket, "k", "three");
  expect((await records(2)).map(({ s3 }) => s3.object["size"])).toEqual([1, 5]);
});

test("a queue that is gone costs its messages and is reported; the others get theirs", async () => {
  const lines: string[] = [];
  await here.close();
  here = await openRegion({ report: (line) => lines.push(line) });
  Bucket = await newBucket(here);
  queue = await newQueue();
  const gone = await newQueue();
  const Filter = (Value: string) => ({ Key: { FilterRules: [{ Name: "prefix" as const, Value }] } });
  const Events = ["s3:ObjectCreated:*" as const];
  await configure({
    QueueConfigurations: [
      { QueueArn: gone, Events, Filter: Filter("x") },
      { QueueArn: queue, Events, Filter: Filter("y") },
    ],
  });
  await messages(1, gone);
  await here.region.call("sqs", "DeleteQueue", { QueueUrl: gone.split(":").at(-1) });
  await put(here, Bucket, "x");
  await put(here, Bucket, "y");
  expect(await records(1)).toHaveLength(1);
  expect(lines.join("\n")).toContain(`A notification of S3 could not be delivered to ${gone}`);
});
