import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { checkChange, type StoreChange } from "@reliq/core/recovery";
import { type CommitSettings, commitTogether, type WaitingCommit } from "./commit-together.ts";
import { fitting } from "./fitting.ts";
import type { Base } from "./read-base.ts";

/**
 * Commits changes, those of one chain in the order in which they came: what waits for a commit of its chain shares the next
 * transaction with it, so that a flood takes a few transactions, and those of one process never refuse each other at the table.
 * The function that it gives throws a ReliqError `store-change`, and what a commit throws.
 */
export function commitQueue(
  client: DynamoDBClient,
  table: string,
  settings: CommitSettings,
): (change: StoreChange) => Promise<"committed" | "conflict"> {
  const chains = new Map<string, WaitingCommit[]>();
  const work = async (chain: string, waiting: WaitingCommit[]): Promise<void> => {
    // What a commit has left is what the next one that waited for it builds upon.
    let base: Base | undefined;
    while (waiting.length > 0) {
      const together = waiting.splice(0, fitting(waiting.map(({ change }) => change)));
      base = await commitTogether(client, table, together, settings, base);
    }
    chains.delete(chain);
  };
  return async (change) => {
    checkChange(change);
    const { promise, resolve, reject } = Promise.withResolvers<"committed" | "conflict">();
    const waiting = chains.get(change.audit.chain);
    if (waiting) waiting.push({ change, resolve, reject });
    else {
      const first = [{ change, resolve, reject }];
      chains.set(change.audit.chain, first);
      // What is asked for at the same time is waited for: a capture of many letters is several changes.
      setImmediate(() => void work(change.audit.chain, first));
    }
    return promise;
  };
}
