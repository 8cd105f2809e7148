import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ReliqError } from "@reliq/core";
import type { Sha256, StoreChange } from "@reliq/core/recovery";
import { jitteredWait } from "../jittered-wait.ts";
import { type PlannedWrite, planCommit } from "./plan-commit.ts";
import { type Base, groupsHold, holds, readBase } from "./read-base.ts";
import { type TransactionEnd, transact } from "./transact.ts";

/** How often a commit is tried whose chain or group another commit changed first: each time one of them went through. */
const MOST_TRIES = 80;

/** From this try on the wait grows no further: it is up to 25, 50, then 100 ms, about what a few commits take. */
const LONGEST_WAIT_TRIES = 3;

/** What commits go by. */
export interface CommitSettings {
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  readonly sha256: Sha256;
}

/** A change whose caller waits for how its commit ends. */
export interface WaitingCommit {
  readonly change: StoreChange;
  readonly resolve: (end: "committed" | "conflict") => void;
  readonly reject: (error: unknown) => void;
}

interface Table {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly settings: CommitSettings;
}

/**
 * Commits changes of one chain in one transaction, each with its counts and its audit entry, and tells each caller; a change
 * that conflicts, or that cannot be written at all, keeps none of the others. Gives back what is stored then, where that is known.
 */
export async function commitTogether(
  client: DynamoDBClient,
  table: string,
  together: readonly WaitingCommit[],
  settings: CommitSettings,
  known?: Base,
): Promise<Base | undefined> {
  try {
    return await tryTogether({ client, table, settings }, together, known);
  } catch (error) {
    for (const { reject } of together) reject(error);
    return undefined;
  }
}

async function tryTogether(
  where: Table,
  given: readonly WaitingCommit[],
  known: Base | undefined,
): Promise<Base | undefined> {
  let left = given;
  let base = known;
  for (let tries = 1; tries <= MOST_TRIES; ) {
    if (!base || !holds(base, changesOf(left))) {
      base = await readBase(where.client, where.table, changesOf(left));
      left = withoutConflicts(left, base);
    }
    if (left.length === 0) return base;
    const { planned, after } = planCommit(where.table, changesOf(left), base, planSettings(where));
    const end = await write(where, left, planned);
    if (end.kind === "apart") return undefined;
    if (end.kind === "committed") {
      for (const { resolve } of left) resolve("committed");
      return after;
    }
    base = undefined;
    if (end.kind === "conflict") left = settled(left, end.of);
    else await jitteredWait(Math.min(tries++, LONGEST_WAIT_TRIES) - 1);
  }
  const chain = JSON.stringify(given[0]?.change.audit.chain);
  const message = `The chain ${chain} was changed by others each of ${MOST_TRIES} times. Nothing was written: try again.`;
  throw new ReliqError("store-contended", message, { retryable: true });
}

function planSettings({ settings: { now, sha256 } }: Table): { readonly nowMs: number; readonly sha256: Sha256 } {
  return { nowMs: now(), sha256 };
}

/** Where one of them can never be written, nothing was: each goes on alone, and only that one's caller hears of it. */
async function write(
  { client, table, settings }: Table,
  left: readonly WaitingCommit[],
  planned: readonly PlannedWrite[],
): Promise<TransactionEnd | { readonly kind: "apart" }> {
  try {
    return await transact(client, planned);
  } catch (error) {
    if (left.length === 1 || !(error instanceof ReliqError)) throw error;
    for (const each of left) await commitTogether(client, table, [each], settings);
    return { kind: "apart" };
  }
}

/** Without those whose groups have another life cycle by now. */
function withoutConflicts(waiting: readonly WaitingCommit[], base: Base): readonly WaitingCommit[] {
  const lost = waiting.flatMap(({ change }, index) => (groupsHold(change, base) ? [] : [index]));
  return settled(waiting, new Set(lost));
}

function settled(waiting: readonly WaitingCommit[], lost: ReadonlySet<number>): readonly WaitingCommit[] {
  for (const index of lost) waiting[index]?.resolve("conflict");
  return waiting.filter((_, index) => !lost.has(index));
}

function changesOf(waiting: readonly WaitingCommit[]): readonly StoreChange[] {
  return waiting.map(({ change }) => change);
}
