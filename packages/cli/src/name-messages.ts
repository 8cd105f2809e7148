import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamodbJournal, dynamodbLedger, regionEnds } from "@reliq/aws";
import { type EndedMessage, ledgerAccount, type NamedMessages, nameMessages } from "@reliq/core/recovery";
import type { NamedAccount } from "./accounts.ts";
import { clientSettings } from "./client-settings.ts";
import type { StoreOfRegion } from "./failure-stores.ts";
import type { QueueFamily } from "./queues.ts";
import { regionStatus } from "./region-client.ts";
import { findJournalTables } from "./region-variables.ts";

/** How far back a ledger is read, milliseconds. */
const LEDGER_MS = 24 * 3_600_000;

/** Gives an account of a queue family with the names of its messages that nobody processed and nobody keeps. */
export type Namer = (account: NamedAccount, family: QueueFamily) => Promise<NamedAccount>;

/**
 * What names messages of a region's accounts: those that ended without their consumer, as the region remembers them; and, of a queue that
 * is at rest, those in their producer's ledger of the last 24 hours that are nowhere.
 */
export async function namerOf(endpoint: string, stores: readonly StoreOfRegion[]): Promise<Namer> {
  const [{ now }, tablesOf] = await Promise.all([regionStatus(endpoint), findJournalTables(endpoint)]);
  const ledgers = { client: new DynamoDBClient(clientSettings(endpoint)), tablesOf, nowMs: Date.parse(now) };
  const store = oneOf(stores);
  return async (account, { sources, deadLetterQueue }) => {
    const queues = sources.map(({ name, url }) => ({ url, source: name }));
    const dead = deadLetterQueue ? [{ url: deadLetterQueue.url, source: sources[0]?.name ?? "" }] : [];
    const ends = await regionEnds(endpoint, [...queues, ...dead]);
    const ended = ends.length === 0 ? [] : await nameMessages(ends, stores.length > 0 ? store : undefined);
    const isAtRest = account.waiting + account.inFlight + account.deadLettered + (account.healing ?? 0) === 0;
    const names = sources.filter(({ counts }) => counts.accepted > 0).map(({ name }) => name);
    const lost = isAtRest ? await Promise.all(names.map((queue) => unaccounted(queue, ends, store, ledgers))) : [];
    const messages = [...ended, ...lost.flat()];
    return messages.length === 0 ? account : { ...account, messages };
  };
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

interface Ledgers {
  readonly client: DynamoDBClient;
  readonly tablesOf: (queue: string) => readonly string[];
  readonly nowMs: number;
}

async function unaccounted(
  queue: string,
  ends: readonly EndedMessage[],
  store: Pick<StoreOfRegion, "failures" | "quarantine">,
  { client, tablesOf, nowMs }: Ledgers,
): Promise<readonly NamedMessages[]> {
  const ended = new Set(ends.map(({ messageId }) => messageId));
  const time = { fromMs: nowMs - LEDGER_MS, toMs: nowMs + 1 };
  const named = tablesOf(queue).map(async (table): Promise<readonly NamedMessages[]> => {
    const ports = { journal: dynamodbJournal(client, table), store, quarantine: store.quarantine };
    const { open } = await ledgerAccount(queue, time, dynamodbLedger(client, table), ports);
    const ids = open.ids.filter((id) => !ended.has(id));
    return ids.length > 0 ? [{ place: "unaccounted", ids, more: open.more }] : [];
  });
  return (await Promise.all(named)).flat();
}
