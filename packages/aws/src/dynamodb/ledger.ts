import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { chunks } from "@reliq/core";
import type { Ledger, LedgerMessage } from "@reliq/core/recovery";
import { insertItem } from "./claim-statements.ts";
import { KEPT_SECONDS } from "./journal-item.ts";
import { queryPages } from "./query-pages.ts";
import { runStatements, type StatementAnswer } from "./statements.ts";

const HOUR_MS = 3_600_000;

/** How many hours are read at once: each is a partition. */
const HOURS_AT_ONCE = 8;

/** Messages of one item: with their lineages or their ids it has about 1 KB, one write unit. */
export const ENTERED_TOGETHER = 25;

/** What a producer enters together, before it sends it. */
export interface EnteredBatch {
  readonly id: string;
  readonly queue: string;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** At most 25. */
  readonly lineages: readonly string[];
}

/** Enters batches, 25 in one request; gives back how each ended. */
export function enterBatches(
  client: DynamoDBClient,
  table: string,
  batches: readonly EnteredBatch[],
): Promise<readonly StatementAnswer[]> {
  return runStatements(
    client,
    batches.map((batch) => {
      const { queue, atMs, lineages } = batch;
      const expiresAt = Math.floor(atMs / 1_000) + KEPT_SECONDS;
      return insertItem(table, marshall({ ...keyOf(batch), queue, atMs, lineages, expiresAt }));
    }),
  );
}

/** In place of an id: the message was not sent, or that is not known. */
export const NOT_SENT = "";
export const DOUBTFUL = "?";

/** Writes down what became of entered batches: the SQS id of each message, in order, or what stands in its place. */
export async function closeBatches(
  client: DynamoDBClient,
  table: string,
  batches: readonly (readonly [batch: EnteredBatch, ids: readonly string[]])[],
): Promise<void> {
  await runStatements(
    client,
    batches.map(([batch, ids]) => {
      const { pk, sk } = keyOf(batch);
      return {
        Statement: `UPDATE "${table}" SET "ids" = ? WHERE pk = ? AND sk = ?`,
        Parameters: [ids, pk, sk].map((value) => marshall({ value })["value"] ?? { NULL: true }),
      };
    }),
  );
}

/** What producers have entered in the journal's table. */
export function dynamodbLedger(client: DynamoDBClient, table: string): Ledger {
  return {
    messages: async (queue, fromMs, toMs, most) => {
      const messages: LedgerMessage[] = [];
      for (const hours of chunks(hoursOf(fromMs, toMs), HOURS_AT_ONCE)) {
        const read = hours.map((hourMs) => {
          const time = { fromMs: Math.max(fromMs, hourMs), toMs: Math.min(toMs, hourMs + HOUR_MS) };
          return readHour(client, table, partition(queue, hourMs), time, most);
        });
        messages.push(...(await Promise.all(read)).flat());
        if (messages.length > most) return { messages: messages.slice(0, most), more: true };
      }
      return { messages, more: false };
    },
  };
}

function hoursOf(fromMs: number, toMs: number): readonly number[] {
  const firstMs = Math.floor(fromMs / HOUR_MS) * HOUR_MS;
  return Array.from({ length: Math.max(0, Math.ceil((toMs - firstMs) / HOUR_MS)) }, (_, at) => firstMs + at * HOUR_MS);
}

/** An hour's messages; of more than `most` at least one too many. */
async function readHour(
  client: DynamoDBClient,
  table: string,
  pk: string,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  most: number,
): Promise<readonly LedgerMessage[]> {
  const messages: LedgerMessage[] = [];
  const query = {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
    ExpressionAttributeValues: marshall({ ":pk": pk, ":from": time(fromMs), ":to": time(toMs) }),
  };
  for await (const items of queryPages(client, query)) {
    messages.push(...items.flatMap((item) => readBatch(unmarshall(item))));
    if (messages.length > most) break;
  }
  return messages;
}

function readBatch({ lineages, ids }: { lineages?: string[]; ids?: string[] }): readonly LedgerMessage[] {
  return (lineages ?? []).flatMap((lineage, index): LedgerMessage[] => {
    const messageId = ids?.[index];
    if (messageId === undefined || messageId === DOUBTFUL) return [{ lineage }];
    return messageId === NOT_SENT ? [] : [{ lineage, messageId }];
  });
}

function keyOf({ id, queue, atMs }: EnteredBatch): { readonly pk: string; readonly sk: string } {
  return { pk: partition(queue, atMs), sk: `${time(atMs)}#${id}` };
}

/** An hour of a queue: DynamoDB takes 1,000 writes a second of one, of 25 messages each. */
function partition(queue: string, atMs: number): string {
  return `ledger#${queue}#${time(atMs).slice(0, 13)}`;
}

function time(atMs: number): string {
  return new Date(atMs).toISOString();
}
