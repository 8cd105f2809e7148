import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { writeAssembly } from "./assembly-fixture.ts";

const RECORDS = 120;
const ITEMS = 6;
const KILLS = 4;

let directory: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "reliq-kill-stream-"));
});
afterEach(async () => {
  await kill();
  rmSync(directory, { recursive: true, force: true });
});

/** A table, and a function that takes a while for each record of its stream and notes it, and fails now and then. */
function writeStack(): void {
  const code = `
    import { appendFileSync } from "node:fs";
    export const handler = async ({ Records }) => {
      for (const { dynamodb } of Records) {
        await new Promise((done) => setTimeout(done, 10));
        if (Math.random() < 0.02) throw new Error("now and then");
        const { id, value } = dynamodb.NewImage;
        appendFileSync(${JSON.stringify(join(directory, "handled"))}, id.S + " " + value.N + "\\n");
      }
    };`;
  const Resources = {
    Orders: {
      Type: "AWS::DynamoDB::Table",
      Properties: {
        TableName: "orders",
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        BillingMode: "PAY_PER_REQUEST",
        StreamSpecification: { StreamViewType: "NEW_IMAGE" },
      },
    },
    Consumer: {
      Type: "AWS::Lambda::Function",
      Properties: {
        FunctionName: "consumer",
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Role: "arn:aws:iam::000000000000:role/test",
        Code: { S3Bucket: "assets", S3Key: "consumer.zip" },
      },
    },
    Source: {
      Type: "AWS::Lambda::EventSourceMapping",
      Properties: {
        EventSourceArn: { "Fn::GetAtt": ["Orders", "StreamArn"] },
        FunctionName: { Ref: "Consumer" },
        StartingPosition: "TRIM_HORIZON",
        BatchSize: 5,
        ParallelizationFactor: 2,
      },
    },
  };
  const assets = { "consumer.zip": { "index.mjs": code } };
  writeAssembly(join(directory, "cdk.out"), { Shop: { template: { Resources }, assets } });
}

/** Starts a region in a process of its own, and gives a client of it. */
async function start(): Promise<DynamoDBClient> {
  const script = fileURLToPath(new URL("./region-process.ts", import.meta.url));
  child = spawn(
    process.execPath,
    ["--conditions=@reliq/source", script, join(directory, "state"), join(directory, "cdk.out")],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
    const endpoint = /^ready (.*)$/.exec(line)?.[1];
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    if (endpoint) return new DynamoDBClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
  }
  throw new Error("The region did not start.");
}

async function kill(): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

/** What was handled, in order: the item and its value. */
function handled(): [item: string, value: number][] {
  try {
    const lines = readFileSync(join(directory, "handled"), "utf8").trim().split("\n");
    return lines.map((line) => [line.split(" ")[0] ?? "", Number(line.split(" ")[1])]);
  } catch {
    return [];
  }
}

// source: Lambda developer guide, "Process DynamoDB records with Lambda": each event at least once, and in order for each item
test("a region that is killed amid the batches of a stream skips no record, and keeps the order of each item", {
  timeout: 120_000,
}, async () => {
  writeStack();
  const dynamodb = await start();
  for (let value = 0; value < RECORDS; value += 1) {
    const Item = { id: { S: `item-${value % ITEMS}` }, value: { N: String(value) } };
    await dynamodb.send(new PutItemCommand({ TableName: "orders", Item }));
  }
  for (let round = 1; round <= KILLS; round += 1) {
    const before = handled().length;
    await vi.waitFor(() => expect(handled().length).toBeGreaterThan(before + 7), 30_000);
    await kill();
    await start();
  }
  const all = Array.from({ length: RECORDS }, (_, value) => value);
  const values = () => new Set(handled().map(([, value]) => value));
  await vi.waitFor(() => expect([...values()].sort((a, b) => a - b)).toEqual(all), 60_000);
  for (let item = 0; item < ITEMS; item += 1) {
    const first = [...new Set(handled().flatMap(([id, value]) => (id === `item-${item}` ? [value] : [])))];
    expect(first).toEqual(all.filter((value) => value % ITEMS === item));
  }
});
