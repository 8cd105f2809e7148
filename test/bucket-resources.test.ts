import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListBucketsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type Region, startRegion } from "@reliq/local";
import { App, RemovalPolicy, Stack } from "aws-cdk-lib";
import { Bucket, EventType } from "aws-cdk-lib/aws-s3";
import { SqsDestination } from "aws-cdk-lib/aws-s3-notifications";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { afterEach, beforeEach, expect, test } from "vitest";

let directory: string;
let region: Region;
let s3: S3Client;
let sqs: SQSClient;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "reliq-bucket-"));
  region = await startRegion({ stateDirectory: join(directory, "state"), port: 0 });
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const settings = { endpoint: region.endpoint, region: "us-east-1", credentials };
  s3 = new S3Client({ ...settings, forcePathStyle: true });
  sqs = new SQSClient(settings);
});
afterEach(async () => {
  await region.stop();
  rmSync(directory, { recursive: true, force: true });
});

interface Wanted {
  readonly bucketName?: string;
  readonly autoDelete?: boolean;
  readonly notify?: boolean;
  /** Whether the bucket is in the template at all. */
  readonly bucket?: boolean;
}

/** What a small CDK app synthesizes: a queue, and a bucket that tells it of what is written under `orders/`. */
function synthesize({ bucketName = "archive", autoDelete = true, notify = true, bucket = true }: Wanted): string {
  const app = new App({ outdir: mkdtempSync(join(directory, "cdk-")), analyticsReporting: false });
  const stack = new Stack(app, "Shop");
  const queue = new Queue(stack, "Written", { queueName: "written" });
  if (bucket) {
    const archive = new Bucket(stack, "Archive", {
      bucketName,
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: autoDelete,
    });
    if (notify)
      archive.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(queue), { prefix: "orders/" });
  }
  return app.synth().directory;
}

const put = (Key: string, Bucket = "archive") => s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
const buckets = async () => (await s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name);
const written = async () => {
  const QueueUrl = `${region.endpoint}/000000000000/written`;
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  return (Messages ?? []).flatMap(({ Body }) => {
    const { Event, Records = [] } = JSON.parse(Body ?? "");
    return Event ?? Records.map((record: { s3: { object: { key: string } } }) => record.s3.object.key);
  });
};

test("addEventNotification: a queue is told of what is written, until the notification leaves the template", async () => {
  await region.deploy(synthesize({}));
  await put("orders/1");
  await put("other/1");
  const told: string[] = [];
  await expect.poll(async () => told.push(...(await written())), { timeout: 10_000 }).toBe(2);
  expect(told.sort()).toEqual(["orders/1", "s3:TestEvent"]);
  const { stacks } = await region.deploy(synthesize({ notify: false }));
  const removal = { change: "removed", type: "Custom::S3BucketNotifications" };
  expect(stacks[0]?.changes).toContainEqual(expect.objectContaining(removal));
  const { QueueConfiguration } = await region.call("s3", "GetBucketNotificationConfiguration", { Bucket: "archive" });
  expect(QueueConfiguration ?? []).toEqual([]);
});

test("autoDeleteObjects: a bucket that leaves the template goes with its objects, more than one page of them", async () => {
  await region.deploy(synthesize({}));
  const keys = Array.from({ length: 1_001 }, (_, index) => `orders/${index}`);
  await Promise.all(keys.map((Key) => region.call("s3", "PutObject", { Bucket: "archive", Key, Body: "x" })));
  await region.deploy(synthesize({ bucket: false }));
  expect(await buckets()).toEqual([]);
});

test("autoDeleteObjects: a stack that is deleted takes the bucket and its objects along", async () => {
  await region.deploy(synthesize({}));
  await put("orders/1");
  await region.call("cloudformation", "DeleteStack", { StackName: "Shop" });
  expect(await buckets()).toEqual([]);
});

test("autoDeleteObjects: a bucket that gets another name is replaced, and the old one goes with its objects", async () => {
  await region.deploy(synthesize({ bucketName: "first" }));
  await put("orders/1", "first");
  await region.deploy(synthesize({ bucketName: "second" }));
  expect(await buckets()).toEqual(["second"]);
});

test("a bucket whose autoDeleteObjects is taken back keeps its objects, and does not go with them", async () => {
  await region.deploy(synthesize({}));
  await put("orders/1");
  await region.deploy(synthesize({ autoDelete: false }));
  expect(await buckets()).toEqual(["archive"]);
  await expect(region.deploy(synthesize({ bucket: false }))).rejects.toThrow("The bucket you tried to delete is not");
});

test("notifications of an imported bucket are refused by name", async () => {
  const app = new App({ outdir: join(directory, "imported.out"), analyticsReporting: false });
  const stack = new Stack(app, "Shop");
  const imported = Bucket.fromBucketName(stack, "Imported", "elsewhere");
  imported.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(new Queue(stack, "Written")));
  await expect(region.deploy(app.synth().directory)).rejects.toThrow(
    /Stack Shop: .* \(Custom::S3BucketNotifications\): notifications of an imported bucket are not supported/,
  );
});
