import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { writeAssembly } from "./assembly-fixture.ts";
import { killProcess, startRegionChild } from "./region-child.ts";

const RECORDS = 120;
const ITEMS = 6;
const KILLS = 4;

let directory: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "reliq-kill-stream-"));
});
afterEach(async () => {
  await killProcess(child);
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

/** Starts the region on the test's state, and gives a client of it. */
async function start(): Promise<DynamoDBClient> {
  const started = await startRegionChild(join(directory, "state"), { assembly: join(directory, "cdk.out") });
  child = started.child;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return new DynamoDBClient({ endpoint: started.endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
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
    await killProcess(child);
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
