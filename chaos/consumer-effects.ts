import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type AttributeValue,
  CreateTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import type { Effect, Hold, Mode, Run, SentMessage } from "./consumer-history.ts";

/** The journal of the consumers. */
export const JOURNAL_TABLE = "journal";

const EFFECTS_TABLE = "effects";

export async function createTables(client: DynamoDBClient): Promise<void> {
  for (const TableName of [JOURNAL_TABLE, EFFECTS_TABLE]) {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: ["pk", "sk"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
      }),
    );
  }
}

/** Writes a run into its worker's file; it is there when this returns, whatever happens to the process. */
export function recordRun(directory: string, run: Run): void {
  appendFileSync(join(directory, `runs-${run.worker}.jsonl`), `${JSON.stringify(run)}\n`);
}

/** Writes down how receives ended, as runs are. */
export function recordHolds(directory: string, worker: string, holds: readonly Hold[]): void {
  if (holds.length === 0) return;
  appendFileSync(join(directory, `holds-${worker}.jsonl`), holds.map((hold) => `${JSON.stringify(hold)}\n`).join(""));
}

/** An effect that takes the key: it is there at most once. */
export async function putOnce(client: DynamoDBClient, { mode, key }: SentMessage): Promise<void> {
  const Item = { ...keyOf(mode, key), keys: { L: [{ S: key }] } };
  const put = new PutItemCommand({ TableName: EFFECTS_TABLE, Item, ConditionExpression: "attribute_not_exists(pk)" });
  await client.send(put).catch((error: Error) => {
    if (error.name !== "ConditionalCheckFailedException") throw error;
  });
}

/** A write that adds an effect each time it is carried out: to its group's list, or to one of its own. */
export function appendEffect({ mode, key, group = key }: SentMessage): TransactWriteItem {
  return {
    Update: {
      TableName: EFFECTS_TABLE,
      Key: keyOf(mode, group),
      UpdateExpression: "SET #keys = list_append(if_not_exists(#keys, :none), :one)",
      ExpressionAttributeNames: { "#keys": "keys" },
      ExpressionAttributeValues: { ":none": { L: [] }, ":one": { L: [{ S: key }] } },
    },
  };
}

/** Every run that the workers wrote down. */
export function readRuns(directory: string): readonly Run[] {
  return readLines(directory, /^runs-.*\.jsonl$/) as readonly Run[];
}

/** Every receive that a worker ended and wrote down. */
export function readHolds(directory: string): readonly Hold[] {
  return readLines(directory, /^holds-.*\.jsonl$/) as readonly Hold[];
}

/** An effect, and the group in whose list it is; one that is in none is a group of its own. */
interface GroupedEffect extends Effect {
  readonly group: string;
}

/** Every effect in the table; those of a group in the order in which they came to be. */
export async function readEffects(client: DynamoDBClient): Promise<readonly GroupedEffect[]> {
  const effects: GroupedEffect[] = [];
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: EFFECTS_TABLE, ConsistentRead: true, ExclusiveStartKey }),
    );
    for (const { pk, sk, keys } of page.Items ?? []) {
      const mode = sk?.S as Mode;
      const group = pk?.S?.slice(mode.length + 1) ?? "";
      for (const { S: key = "" } of keys?.L ?? []) effects.push({ mode, key, group });
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return effects;
}

/** A worker that was killed while it wrote can leave part of a last line. */
function readLines(directory: string, files: RegExp): readonly unknown[] {
  const names = readdirSync(directory).filter((name) => files.test(name));
  return names.flatMap((name) => {
    const lines = readFileSync(join(directory, name), "utf8").split("\n").slice(0, -1);
    return lines.map((line): unknown => JSON.parse(line));
  });
}

function keyOf(mode: Mode, name: string): { readonly pk: AttributeValue; readonly sk: AttributeValue } {
  return { pk: { S: `${mode}#${name}` }, sk: { S: mode } };
}
