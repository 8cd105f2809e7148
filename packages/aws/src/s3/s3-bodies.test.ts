import { createServer } from "node:net";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { consumer } from "@reliq/core";
import { anyBody, samplePorts } from "@reliq/core/testing";
import { expect, onTestFinished, test } from "vitest";
import { localRegion } from "../../test/region.ts";
import { producer } from "../producer/producer.ts";
import { runWorker } from "../worker/run-worker.ts";
import { claimCheck } from "./claim-check.ts";
import { type S3BodiesOptions, s3Bodies } from "./s3-bodies.ts";

interface Trial {
  readonly client: S3Client;
  readonly sqs: SQSClient;
}

async function region(objects: Record<string, string> = {}): Promise<Trial> {
  const settings = await localRegion();
  const client = new S3Client({ ...settings, forcePathStyle: true, maxAttempts: 1 });
  await client.send(new CreateBucketCommand({ Bucket: "bodies" }));
  for (const [Key, Body] of Object.entries(objects)) {
    await client.send(new PutObjectCommand({ Bucket: "bodies", Key, Body }));
  }
  return { client, sqs: new SQSClient(settings) };
}

test("a large message goes through S3 and comes out of the handler whole", async () => {
  const { client, sqs } = await region();
  const { QueueUrl: queueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
  const body = { text: "🦆".repeat(400_000) };
  const check = claimCheck({ bucket: "bodies", client });
  await producer({ client: sqs, queueUrl, claimCheck: check }).send([{ body: JSON.stringify(body) }]);
  const end = new AbortController();
  const seen: unknown[] = [];
  const orders = consumer({
    name: "orders",
    schema: anyBody,
    handle: (each) => {
      seen.push(each);
      end.abort();
    },
  });
  const ports = samplePorts({ bodies: s3Bodies({ buckets: ["bodies"], client }) });
  await runWorker(orders, ports, { queueUrl, client: sqs, signal: end.signal });
  expect(seen).toEqual([body]);
});

test("an empty body and one of just the limit are read", async () => {
  const { client } = await region({ empty: "", largest: "ééé" });
  const bodies = s3Bodies({ buckets: ["bodies"], client, largestBytes: 6 });
  expect(await bodies.get("bodies", "empty")).toBe("");
  expect(await bodies.get("bodies", "largest")).toBe("ééé");
});

test("a missing object may be there later", async () => {
  const { client } = await region();
  await expect(s3Bodies({ buckets: ["bodies"], client }).get("bodies", "k")).rejects.toMatchObject({
    category: "dependency",
    message: "The body of the message is not in S3: no object k in bodies.",
  });
});

test("a larger body than the limit is refused, and its socket is free again", async () => {
  const { client } = await region({ large: "x".repeat(1_000_000) });
  const bodies = s3Bodies({ buckets: ["bodies"], client, largestBytes: 10 });
  const tries = Array.from({ length: 60 }, () => bodies.get("bodies", "large"));
  for (const { reason } of (await Promise.allSettled(tries)) as PromiseRejectedResult[]) {
    expect(reason).toMatchObject({ category: "permanent", message: expect.stringContaining("1000000 bytes") });
  }
});

test("a message cannot make the consumer read another bucket", async () => {
  const { client } = await region({ k: "secret" });
  await expect(s3Bodies({ buckets: ["mine"], client }).get("bodies", "k")).rejects.toMatchObject({
    category: "permanent",
    message: expect.stringContaining("bucket bodies, which is not one of"),
  });
});

test("a store that does not answer is not waited for", async () => {
  const silent = createServer(() => {});
  await new Promise<void>((listening) => silent.listen(0, "127.0.0.1", listening));
  const { port } = silent.address() as { port: number };
  const credentials = { accessKeyId: "x", secretAccessKey: "x" };
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    credentials,
    forcePathStyle: true,
  });
  onTestFinished(() => {
    client.destroy();
    silent.close();
  });
  const bodies = s3Bodies({ buckets: ["bodies"], client, timeoutSeconds: 0.1 });
  await expect(bodies.get("bodies", "k")).rejects.toMatchObject({ name: "AbortError" });
});

test.each([
  ["buckets", [], "a list of bucket names, at least one"],
  ["buckets", "bodies", "a list of bucket names, at least one"],
  ["largestBytes", 0, "a whole number of bytes over 0"],
  ["timeoutSeconds", -1, "a number of seconds over 0, at most 900"],
  ["client", {}, "an S3Client"],
])("option %s of %j is refused with what it takes", (option, value, takes) => {
  const options = { buckets: ["bodies"], [option]: value } as unknown as S3BodiesOptions;
  expect(() => s3Bodies(options)).toThrow(takes);
});
