import { randomUUID } from "node:crypto";
import { type DynamoDBClient, type TransactWriteItem, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import type { Commit } from "@reliq/core";
import { isRefused, readReasons } from "./cancellation.ts";
import { commitItems, commitOnce } from "./commit-once.ts";

type Committed = "done" | "refused";

interface Waiting {
  readonly commit: Commit;
  readonly keys: readonly string[];
  readonly resolve: (committed: Committed | Promise<Committed>) => void;
}

/** The most effects of one transaction: those of one receive. More would only meet more conflicts with others' writes. */
const MOST_EFFECTS = 10;

/** The most writes of one transaction (DynamoDB API reference, TransactWriteItems). */
const MOST_WRITES = 100;

/**
 * Commits effects as `commitOnce` does, those that are asked for in the same turn of the event loop in one transaction, at no wait for others:
 * handlers of a batch that end together then cost one request. Where it is cancelled nothing of it was written, and those that stopped
 * it are committed alone, so that no effect decides another's fate.
 */
export function commitTogether(
  client: DynamoDBClient,
  table: string,
  now: () => number,
): (commit: Commit) => Promise<Committed> {
  let waiting: Waiting[] = [];
  const commitAll = (): void => {
    const asked = waiting;
    waiting = [];
    const nowMs = now();
    for (const effects of transactions(asked)) void commitShared(client, table, effects, nowMs);
  };
  return async (commit) => {
    const keys = keysOf(commit);
    const { promise, resolve } = Promise.withResolvers<Committed>();
    if (waiting.length === 0) setImmediate(commitAll);
    waiting.push({ commit, keys, resolve });
    return promise;
  };
}

/** Puts effects into as few transactions as take them; two about one item would make DynamoDB refuse the whole of it. */
function transactions(asked: readonly Waiting[]): readonly (readonly Waiting[])[] {
  const all: Waiting[][] = [];
  let keys = new Set<string>();
  let writes = 0;
  for (const each of asked) {
    const count = each.commit.writes.length + 2;
    const last = all.at(-1);
    if (
      last &&
      last.length < MOST_EFFECTS &&
      writes + count <= MOST_WRITES &&
      each.keys.every((key) => !keys.has(key))
    ) {
      last.push(each);
    } else {
      all.push([each]);
      keys = new Set();
      writes = 0;
    }
    for (const key of each.keys) keys.add(key);
    writes += count;
  }
  return all;
}

/** The items that an effect is about, as far as its writes say so: an item that is put does not name its key. */
function keysOf({ writes, once }: Commit): readonly string[] {
  const own = once.by === "sequence" ? [once.group, once.lineage?.key ?? once.group] : [once.claim.key];
  const named = (writes as readonly (TransactWriteItem | null | undefined)[]).flatMap((write) => {
    const { TableName, Key } = write?.Update ?? write?.Delete ?? write?.ConditionCheck ?? {};
    return Key ? [`${TableName} ${JSON.stringify(Key, plain)}`] : [];
  });
  return [...own, ...named];
}

function plain(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

/** Never throws: each effect's promise is told what became of it. */
async function commitShared(
  client: DynamoDBClient,
  table: string,
  effects: readonly Waiting[],
  nowMs: number,
): Promise<void> {
  const alone = ({ commit, resolve }: Waiting): void => resolve(commitOnce(client, table, commit, nowMs));
  if (effects.length <= 1) return effects.forEach(alone);
  const items = effects.map(({ commit }) => commitItems(table, commit, nowMs));
  try {
    const shared = { TransactItems: items.flat(), ClientRequestToken: randomUUID() };
    await client.send(new TransactWriteItemsCommand(shared));
    for (const { resolve } of effects) resolve("done");
  } catch (error) {
    const reasons = readReasons(error).map(isRefused);
    const stopping = effects.filter((_, index) => {
      const first = items.slice(0, index).flat().length;
      return reasons.slice(first, first + (items[index]?.length ?? 0)).some(Boolean);
    });
    // Without reasons any of them may be why. One that is refused alone since the shared answer was lost has had its effect by it.
    if (stopping.length === 0) return effects.forEach(alone);
    stopping.forEach(alone);
    await commitShared(
      client,
      table,
      effects.filter((each) => !stopping.includes(each)),
      nowMs,
    );
  }
}
