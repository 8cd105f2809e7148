import { createHash, randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { writeAssembly } from "../../../test/assembly-fixture.ts";
import { startRegionChild } from "../../../test/region-child.ts";
import { type Region, startRegion } from "../../region.ts";
import { clientOf } from "./fixture.ts";

const ROUNDS = 5;
const WRITERS = 6;
const Bucket = "load";

/** What a key may hold: the body (by its digest) or the absence that was acknowledged last, and those of a request without an answer. */
type History = Map<string, { known: string | undefined; open: (string | undefined)[] }>;

const digest = (body: Uint8Array): string => createHash("sha256").update(body).digest("hex");

/** Puts, overwrites and deletes its own keys, small and large, until the region is gone. */
async function write(s3: S3Client, writer: number, history: History): Promise<number> {
  for (let done = 0; ; done++) {
    const Key = `${writer}/${randomInt(4)}`;
    const entry = history.get(Key) ?? { known: undefined, open: [] };
    history.set(Key, entry);
    const Body = Buffer.alloc(randomInt(2) ? randomInt(200) : randomInt(16_000, 300_000), randomInt(256));
    const after = randomInt(4) === 0 ? undefined : digest(Body);
    entry.open.push(after);
    const command =
      after === undefined ? new DeleteObjectCommand({ Bucket, Key }) : new PutObjectCommand({ Bucket, Key, Body });
    try {
      await s3.send(command as PutObjectCommand);
    } catch (error) {
      // An answer is no kill.
      if ((error as { $response?: unknown }).$response !== undefined) throw error;
      return done;
    }
    history.set(Key, { known: after, open: [] });
  }
}

async function read(s3: S3Client, Key: string): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return digest((await Body?.transformToByteArray()) ?? new Uint8Array());
  } catch (error) {
    expect(error).toMatchObject({ name: "NoSuchKey" });
    return undefined;
  }
}

test("killed amid puts, overwrites and deletes, a region has each acknowledged object whole and no other file", {
  timeout: 120_000,
}, async () => {
  const directory = mkdtempSync(join(tmpdir(), "reliq-s3-kill-"));
  const state = join(directory, "state");
  const queue = { Type: "AWS::SQS::Queue", Properties: { QueueName: "told" } };
  const assembly = writeAssembly(join(directory, "cdk.out"), { S: { template: { Resources: { Told: queue } } } });
  const history: History = new Map();
  try {
    let acknowledged = 0;
    for (let round = 0; round < ROUNDS; round++) acknowledged += await runUntilKilled(state, assembly, history);
    expect(acknowledged).toBeGreaterThan(100);
    await checkRest(state, history);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

/** One life of a region: what the last one acknowledged is there, and then it is killed amid its load. */
async function runUntilKilled(state: string, assembly: string, history: History): Promise<number> {
  const { child, endpoint } = await startRegionChild(state, { assembly });
  const gone = once(child, "exit");
  const s3 = clientOf(endpoint);
  try {
    if (history.size === 0) await prepare(s3);
    for (const [key, { known, open }] of history) {
      const found = await read(s3, key);
      expect([known, ...open]).toContain(found);
      history.set(key, { known: found, open: [] });
    }
    const writers = Array.from({ length: WRITERS }, (_, writer) => write(s3, writer, history));
    await wait(randomInt(200, 600));
    child.kill("SIGKILL");
    return (await Promise.all(writers)).reduce((sum, done) => sum + done, 0);
  } finally {
    child.kill("SIGKILL");
    await gone;
    s3.destroy();
  }
}

async function prepare(s3: S3Client): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket }));
  const QueueConfigurations = [
    {
      QueueArn: "arn:aws:sqs:us-east-1:000000000000:told",
      Events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"] as const,
    },
  ];
  const NotificationConfiguration = {
    QueueConfigurations: QueueConfigurations.map((each) => ({ ...each, Events: [...each.Events] })),
  };
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
}

/** No file without a row, and every change that took effect was told: the last event of a key says what it holds. */
async function checkRest(state: string, history: History): Promise<void> {
  const region = await startRegion({ stateDirectory: state, port: 0 });
  const s3 = clientOf(region.endpoint);
  try {
    const sizes = new Map<string, number | undefined>();
    for (const key of history.keys()) sizes.set(key, await sizeOf(s3, key));
    const large = [...sizes.values()].filter((size) => size !== undefined && size > 16 * 1_024);
    expect(readdirSync(join(state, "blobs"))).toHaveLength(large.length);
    const told = await lastEvents(region.call);
    const changed = [...sizes].filter(([key, size]) => size !== undefined || told.has(key));
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(changed));
  } finally {
    s3.destroy();
    await region.stop();
  }
}

async function sizeOf(s3: S3Client, Key: string): Promise<number | undefined> {
  const found = await s3.send(new GetObjectCommand({ Bucket, Key })).catch(() => undefined);
  return (await found?.Body?.transformToByteArray())?.length;
}

/** The size that the latest event of each key tells; at-least-once delivery may repeat events, never lose one. */
async function lastEvents(call: Region["call"]): Promise<Map<string, number | undefined>> {
  const last = new Map<string, { sequencer: string; size: number | undefined }>();
  const QueueUrl = "told";
  for (;;) {
    const input = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 };
    const { Messages = [] } = await call("sqs", "ReceiveMessage", input);
    if ((Messages as unknown[]).length === 0) break;
    for (const { Body } of Messages as { Body: string }[]) {
      for (const { s3 } of JSON.parse(Body).Records ?? []) {
        const { key, sequencer, size } = s3.object;
        if ((last.get(key)?.sequencer ?? "") < sequencer) last.set(key, { sequencer, size });
      }
    }
  }
  return new Map([...last].map(([key, { size }]) => [key, size]));
}
