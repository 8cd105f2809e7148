import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Claim } from "@reliq/core";
import { renewStatement } from "./claim-statements.ts";
import { runStatements } from "./statements.ts";

/**
 * Extends the leases of claims that are still held, 25 in one request; answers claim by claim.
 * @throws where any of them could not be said.
 */
export async function renewAll(
  client: DynamoDBClient,
  table: string,
  claims: readonly Claim[],
): Promise<readonly boolean[]> {
  const answers = await runStatements(
    client,
    claims.map((claim) => renewStatement(table, claim)),
  );
  const failed = answers.find((answer) => answer.kind === "failed");
  if (failed) throw failed.error;
  return answers.map(({ kind }) => kind === "done");
}
