import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { writeAssembly } from "./assembly-fixture.ts";
import { killProcess, startRegionChild } from "./region-child.ts";

const MESSAGES = 100;
const KILLS = 3;

let directory: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "reliq-kill-"));
});
afterEach(async () => {
  await killProcess(child);
  rmSync(directory, { recursive: true, force: true });
});

/** A queue and a function that takes a while for each batch, and notes its process and what it has handled. */
function assembly(): string {
  const code = `
    import { appendFileSync } from "node:fs";
    const note = (name, text) => appendFileSync(${JSON.stringify(directory)} + "/" + name, text + "\\n");
    export const handler = async ({ Records }) => {
      note("pids", process.pid);
      for (const { body } of Records) {
        await new Promise((done) => setTimeout(done, 20));
        note("handled", body);
      }
    };`;
  const Resources = {
    Orders: { Type: "AWS::SQS::Queue", Properties: { QueueName: "orders", VisibilityTimeout: 2 } },
    Consumer: {
      Type: "AWS::Lambda::Function",
      Properties: {
        FunctionName: "consumer",
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Timeout: 2,
        Role: "arn:aws:iam::000000000000:role/test",
        Code: { S3Bucket: "assets", S3Key: "consumer.zip" },
      },
    },
    Source: {
      Type: "AWS::Lambda::EventSourceMapping",
      Properties: {
        EventSourceArn: { "Fn::GetAtt": ["Orders", "Arn"] },
        FunctionName: { Ref: "Consumer" },
        ScalingConfig: { MaximumConcurrency: 2 },
      },
    },
  };
  const assets = { "consumer.zip": { "index.mjs": code } };
  return writeAssembly(join(directory, "cdk.out"), { Shop: { template: { Resources }, assets } });
}

/** Starts the region on the test's state, and gives a client of it. */
async function start(): Promise<SQSClient> {
  const started = await startRegionChild(join(directory, "state"), { assembly: join(directory, "cdk.out") });
  child = started.child;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return new SQSClient({ endpoint: started.endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
}

function noted(name: string): string[] {
  try {
    return readFileSync(join(directory, name), "utf8").trim().split("\n");
  } catch {
    return [];
  }
}

function isAlive(pid: string): boolean {
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch {
    return false;
  }
}

test("a region that is killed in the middle of its batches loses no message, and leaves no process behind", {
  timeout: 120_000,
}, async () => {
  assembly();
  let sqs = await start();
  const QueueUrl = "http://127.0.0.1/000000000000/orders";
  for (let at = 0; at < MESSAGES; at += 10) {
    const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: String(index), MessageBody: String(at + index) }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  }
  for (let round = 1; round <= KILLS; round += 1) {
    const before = noted("handled").length;
    await vi.waitFor(() => expect(noted("handled").length).toBeGreaterThan(before + 3), 20_000);
    await killProcess(child);
    await vi.waitFor(() => expect(noted("pids").filter(isAlive)).toEqual([]), 10_000);
    sqs = await start();
  }
  await vi.waitFor(async () => {
    const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
    expect(Attributes["ApproximateNumberOfMessages"]).toBe("0");
    expect(Attributes["ApproximateNumberOfMessagesNotVisible"]).toBe("0");
  }, 60_000);
  const handled = new Set(noted("handled"));
  expect([...handled].sort((a, b) => Number(a) - Number(b))).toEqual(
    Array.from({ length: MESSAGES }, (_, index) => String(index)),
  );
});
