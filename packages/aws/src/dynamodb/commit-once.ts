import { randomUUID } from "node:crypto";
import {
  type CancellationReason,
  type DynamoDBClient,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { type Claim, type Commit, ReliqError } from "@reliq/core";
import { isPassing, isRefused, readReasons } from "./cancellation.ts";
import { claimItem } from "./claim-statements.ts";
import { jitteredWait, MOST_TRIES } from "./jittered-wait.ts";
import { KEPT_SECONDS } from "./journal-item.ts";
import { sequenceKey } from "./read-sequences.ts";

/**
 * Commits a handler's writes and what makes them happen once in one transaction. All tries have one token, so one whose
 * answer was lost is not taken for another's.
 * @throws ReliqError `commit-cancelled` with the reason of each write that was refused; what the service throws otherwise.
 */
export async function commitOnce(
  client: DynamoDBClient,
  table: string,
  commit: Commit,
  nowMs: number,
): Promise<"done" | "refused"> {
  const own = onceItems(table, commit.once, nowMs);
  const TransactItems = commitItems(table, commit, nowMs);
  const ClientRequestToken = randomUUID();
  for (let tries = 1; ; tries++) {
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken }));
      return "done";
    } catch (error) {
      const reasons = readReasons(error);
      if (reasons.slice(0, own.length).some(({ Code }) => Code === "ConditionalCheckFailed")) return "refused";
      const retryable = mayPass(reasons);
      if (retryable && tries < MOST_TRIES) await jitteredWait(tries);
      else throw reasons.length > 0 ? cancelled(TransactItems, own.length, reasons, retryable, error) : error;
    }
  }
}

/** The writes of a commit: Reliq's own before those of the handler. */
export function commitItems(table: string, { writes, once }: Commit, nowMs: number): TransactWriteItem[] {
  return [...onceItems(table, once, nowMs), ...(writes as readonly TransactWriteItem[])];
}

function onceItems(table: string, once: Commit["once"], nowMs: number): readonly TransactWriteItem[] {
  if (once.by === "claim") return [claimPut(table, once.claim)];
  return [sequenceUpdate(table, once, nowMs), ...(once.lineage ? [claimPut(table, once.lineage)] : [])];
}

function claimPut(table: string, claim: Claim): TransactWriteItem {
  return {
    Put: {
      TableName: table,
      Item: claimItem("done", claim),
      ConditionExpression: "attribute_not_exists(pk) OR expiresAtMs <= :now",
      ExpressionAttributeValues: { ":now": { N: String(claim.nowMs) } },
    },
  };
}

/** A group that has been silent for 30 days is forgotten: no queue still has a message from before then. */
function sequenceUpdate(
  table: string,
  { group, sequenceNumber, place }: Extract<Commit["once"], { by: "sequence" }>,
  nowMs: number,
): TransactWriteItem {
  return {
    Update: {
      TableName: table,
      Key: sequenceKey(group),
      UpdateExpression: `SET lastSequence = :sequence, expiresAt = :expiresAt${place === undefined ? "" : ", lastOriginal = :place"}`,
      ConditionExpression: "attribute_not_exists(lastSequence) OR lastSequence < :sequence",
      ExpressionAttributeValues: {
        ":sequence": { S: sequenceNumber },
        ...(place !== undefined && { ":place": { S: place } }),
        ":expiresAt": { N: String(Math.ceil(nowMs / 1_000) + KEPT_SECONDS) },
      },
    },
  };
}

function mayPass(reasons: readonly CancellationReason[]): boolean {
  const refused = reasons.filter(isRefused);
  return refused.length > 0 && refused.every(({ Code = "" }) => isPassing(Code));
}

function cancelled(
  items: readonly TransactWriteItem[],
  own: number,
  reasons: readonly CancellationReason[],
  retryable: boolean,
  cause: unknown,
): ReliqError {
  const why = reasons.flatMap((reason, index) =>
    isRefused(reason) ? [`${describeWrite(items[index], index - own)}: ${reason.Code}: ${reason.Message ?? ""}`] : [],
  );
  const message = `DynamoDB cancelled the effect's transaction, and nothing was written. ${why.join("; ")}`;
  return new ReliqError("commit-cancelled", message, { retryable, cause });
}

/** Writes are counted from 0, as the handler's list has them. */
function describeWrite(item: TransactWriteItem | undefined, index: number): string {
  if (index < 0) return "Reliq's own write";
  const [kind, write] = Object.entries(item ?? {})[0] ?? [];
  return `writes[${index}] (${kind} in ${write?.TableName})`;
}
