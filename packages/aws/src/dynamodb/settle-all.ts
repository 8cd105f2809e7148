import type { BatchStatementRequest, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Claim, Settled, Settlement } from "@reliq/core";
import {
  completeStatement,
  insertItem,
  insertStatement,
  probeStatement,
  readClaimItem,
  releaseStatement,
} from "./claim-statements.ts";
import { journalItem, journalKey } from "./journal-item.ts";
import { runStatements, type StatementAnswer } from "./statements.ts";

/** Writes down how attempts ended, one statement each, 25 in one request; never throws. An attempt that is named twice is written once. */
export async function settleAll(
  client: DynamoDBClient,
  table: string,
  settlements: readonly Settlement[],
): Promise<readonly Settled[]> {
  const statements: BatchStatementRequest[] = [];
  const indexOf = new Map<string, number>();
  const indexes = settlements.map((settlement) => {
    const key = keyOf(settlement);
    const index = indexOf.get(key) ?? statements.length;
    if (index === statements.length) {
      indexOf.set(key, index);
      statements.push(statementOf(table, settlement));
    }
    return index;
  });
  // What becomes of a release is of no matter: without it the claim's lease ends by itself.
  for (const claim of releasedClaims(settlements)) statements.push(releaseStatement(table, claim));
  const answers = await runStatements(client, statements);
  return settlements.map((settlement, index) => settled(settlement, answers[indexes[index] ?? 0]));
}

/** One a key: two statements for one make DynamoDB refuse the whole request. */
function releasedClaims(settlements: readonly Settlement[]): Iterable<Claim> {
  const byKey = new Map<string, Claim>();
  for (const settlement of settlements) {
    if (settlement.kind === "journal" && settlement.release) byKey.set(settlement.release.key, settlement.release);
  }
  return byKey.values();
}

function keyOf(settlement: Settlement): string {
  return settlement.kind === "journal" ? journalKey(settlement.entry) : `claim#${settlement.claim.key}`;
}

function statementOf(table: string, settlement: Settlement): BatchStatementRequest {
  switch (settlement.kind) {
    case "complete":
      return completeStatement(table, settlement.claim, settlement.result);
    case "journal":
      return insertItem(table, journalItem(settlement.entry));
    case "mark":
      return insertStatement(table, settlement.claim, "done");
    case "probe":
      return probeStatement(table, settlement.claim);
  }
}

function settled({ kind }: Settlement, answer: StatementAnswer | undefined): Settled {
  if (answer === undefined || answer.kind === "failed") return { kind: "unavailable", error: answer?.error };
  // An entry or a mark that is there already is this message's, written by a request whose answer was lost.
  if (kind === "journal" || kind === "mark" || answer.kind === "done") return { kind: "done" };
  return { kind: "refused", item: answer.item && readClaimItem(answer.item) };
}
