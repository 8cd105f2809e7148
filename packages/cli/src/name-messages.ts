import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamodbJournal, dynamodbLedger, regionEnds } from "@reliq/aws";
import { type EndedMessage, ledgerAccount, type NamedMessages, nameMessages } from "@reliq/core/recovery";
import type { NamedAccount } from "./accounts.ts";
import { clientSettings } from "./client-settings.ts";
import type { StoreOfRegion } from "./failure-stores.ts";
import type { QueueFamily } from "./queues.ts";
import { regionStatus } from "./region-client.ts";
import { regionVariables } from "./region-variables.ts";

/** How far back a ledger is read, milliseconds. */
const LEDGER_MS = 24 * 3_600_000;

/**
 * An account with the names of its messages that ended without their consumer, as the region remembers them; and, where the queue is at
 * rest, of those in their producer's ledger of the last 24 hours that are nowhere.
 */
export async function withNames(
  endpoint: string,
  account: NamedAccount,
  { sources, deadLetterQueue }: QueueFamily,
  stores: readonly StoreOfRegion[],
): Promise<NamedAccount> {
  const queues = sources.map(({ name, url }) => ({ url, source: name }));
  const dead = deadLetterQueue ? [{ url: deadLetterQueue.url, source: sources[0]?.name ?? "" }] : [];
  const ends = await regionEnds(endpoint, [...queues, ...dead]);
  const store = oneOf(stores);
  const ended = ends.length === 0 ? [] : await nameMessages(ends, stores.length > 0 ? store : undefined);
  const isAtRest = account.waiting + account.inFlight + account.deadLettered + (account.healing ?? 0) === 0;
  const names = sources.map(({ name }) => name);
  const messages = isAtRest ? [...ended, ...(await unaccounted(endpoint, names, ends, store))] : ended;
  return messages.length === 0 ? account : { ...account, messages };
}

/** A queue's failed messages are in one of the stores. */
function oneOf(stores: readonly StoreOfRegion[]): Pick<StoreOfRegion, "failures" | "quarantine"> {
  return {
    quarantine: {
      open: async (queue) => (await Promise.all(stores.map(({ quarantine }) => quarantine.open(queue)))).flat(),
      setAside: async (group, after, limit) =>
        (await Promise.all(stores.map(({ quarantine }) => quarantine.setAside(group, after, limit)))).flat(),
    },
    failures: async (ids) => {
      const found = await Promise.all(stores.map((store) => store.failures(ids)));
      return ids.map((_, index) => found.find((records) => records[index] !== undefined)?.[index]);
    },
  };
}

async function unaccounted(
  endpoint: string,
  queues: readonly string[],
  ends: readonly EndedMessage[],
  store: Pick<StoreOfRegion, "failures" | "quarantine">,
): Promise<readonly NamedMessages[]> {
  const tables = await regionVariables(endpoint, "RELIQ_JOURNAL_TABLE");
  const nowMs = Date.parse((await regionStatus(endpoint)).now);
  const client = new DynamoDBClient(clientSettings(endpoint));
  const ended = new Set(ends.map(({ messageId }) => messageId));
  const named: NamedMessages[] = [];
  for (const { value: table } of tables) {
    const ports = { journal: dynamodbJournal(client, table), store, quarantine: store.quarantine };
    for (const queue of queues) {
      const time = { fromMs: nowMs - LEDGER_MS, toMs: nowMs + 1 };
      const { open } = await ledgerAccount(queue, time, dynamodbLedger(client, table), ports);
      const ids = open.ids.filter((id) => !ended.has(id));
      if (ids.length > 0) named.push({ place: "unaccounted", ids, more: open.more });
    }
  }
  return named;
}
