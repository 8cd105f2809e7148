import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Claim } from "@reliq/core";
import { insertStatement, takeOverStatement } from "./claim-statements.ts";
import { runStatements, type StatementAnswer } from "./statements.ts";

/**
 * Claims keys: one request for up to 25 (first receives insert, later ones take over), and one more only where a later
 * receive found nothing to take over.
 * @throws where any of them could not be said: nothing may be handled then, and what is claimed falls to the next receive.
 */
export async function claimAll(
  client: DynamoDBClient,
  table: string,
  claims: readonly Claim[],
): Promise<readonly boolean[]> {
  const answers = await runStatements(
    client,
    claims.map((claim) => (isLater(claim) ? takeOverStatement(table, claim) : insertStatement(table, claim))),
  );
  if (answers.every(({ kind }) => kind === "done")) return answers.map(() => true);
  const absent = claims.filter((claim, index) => isLater(claim) && foundNothing(answers[index]));
  const inserts = await runStatements(
    client,
    absent.map((claim) => insertStatement(table, claim)),
  );
  const failed = [...answers, ...inserts].find((answer) => answer.kind === "failed");
  if (failed) throw failed.error;
  const inserted = new Set(absent.filter((_, index) => inserts[index]?.kind === "done"));
  return claims.map((claim, index) => answers[index]?.kind === "done" || inserted.has(claim));
}

function isLater({ receiveCount }: Claim): boolean {
  return receiveCount > 1;
}

function foundNothing(answer: StatementAnswer | undefined): boolean {
  return answer?.kind === "refused" && answer.item === undefined;
}
