import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ReliqError } from "@reliq/core";
import { checkChange, type Sha256, type StoreChange } from "@reliq/core/recovery";
import { jitteredWait } from "../jittered-wait.ts";
import { planCommit } from "./plan-commit.ts";
import { type Base, readBase } from "./read-base.ts";
import { transact } from "./transact.ts";

/** How often a commit is tried whose chain or group another commit changed first: each time one of them went through. */
const MOST_TRIES = 80;

/** From this try on the wait grows no further: it is up to 25, 50, then 100 ms, about what a few commits take. */
const LONGEST_WAIT_TRIES = 3;

/**
 * Commits a change with its counts and its audit entry, in one transaction.
 * @throws ReliqError `store-contended` where others were faster each time: nothing was written.
 */
export async function commitChange(
  client: DynamoDBClient,
  table: string,
  change: StoreChange,
  settings: { readonly now: () => number; readonly sha256: Sha256 },
): Promise<"committed" | "conflict"> {
  checkChange(change);
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    const base = await readBase(client, table, change);
    if (!groupsHold(change, base)) return "conflict";
    const planned = planCommit(table, change, base, { nowMs: settings.now(), sha256: settings.sha256 });
    const answer = await transact(client, planned);
    if (answer !== "contended") return answer;
    await jitteredWait(Math.min(tries, LONGEST_WAIT_TRIES) - 1);
  }
  const message = `The chain ${JSON.stringify(change.audit.chain)} was changed by others each of ${MOST_TRIES} times. Nothing was written: try again.`;
  throw new ReliqError("store-contended", message, { retryable: true });
}

/** A group's counts may have changed since it was read; its life cycle may not. */
function groupsHold({ groups = [] }: StoreChange, base: Base): boolean {
  return groups.every(({ before, after }) => base.groups.get(after.id)?.version === before?.version);
}
