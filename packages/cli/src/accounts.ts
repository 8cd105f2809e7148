import { styleText } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamodbFailureStore } from "@reliq/aws";
import { type Account, account, sumCounts } from "@reliq/core";
import { accountWithStore, type QueueTotals, type RecoveredAccount, whatIsWrong } from "@reliq/core/recovery";
import { clientSettings } from "./client-settings.ts";
import type { QueueFamily } from "./queues.ts";
import { regionTables } from "./region-tables.ts";

/** The account of a queue, or of several that share a dead-letter queue; what recovery keeps of it, where it serves the queue. */
export interface NamedAccount extends Account, Partial<Omit<RecoveredAccount, keyof Account>> {
  readonly queue: string;
}

/** Balances queue families, with what the region's failure stores have of them. */
export async function accountsOf(endpoint: string, families: readonly QueueFamily[]): Promise<readonly NamedAccount[]> {
  const totals = await readTotals(endpoint);
  return families.map((family) => accountOf(family, totals));
}

function accountOf({ sources, deadLetterQueue }: QueueFamily, totals: readonly QueueTotals[]): NamedAccount {
  const queue = sources.map(({ name }) => name).join(" + ");
  const counts = sumCounts(sources.map((each) => each.counts));
  const ofQueues = totals.filter((each) => sources.some(({ name }) => name === each.queue));
  if (!deadLetterQueue || ofQueues.length === 0) return { queue, ...account(counts, deadLetterQueue?.counts) };
  return { queue, ...accountWithStore(counts, deadLetterQueue.counts, ofQueues) };
}

async function readTotals(endpoint: string): Promise<readonly QueueTotals[]> {
  const client = new DynamoDBClient(clientSettings(endpoint));
  const tables = await regionTables(endpoint, "FAILED_TABLE");
  return (await Promise.all(tables.map((table) => dynamodbFailureStore(client, table).totals()))).flat();
}

/** Where messages can be, in the order in which an account names them, and whether it is named also when it is empty. */
const PLACES: readonly (readonly [keyof RecoveredAccount, string, boolean])[] = [
  ["processed", "processed", true],
  ["waiting", "waiting", false],
  ["inFlight", "in flight", false],
  ["deadLettered", "dead-lettered", true],
  ["held", "held", false],
  ["healing", "healing", false],
  ["archived", "archived", false],
  ["discarded", "discarded by a person", false],
  ["deletedByHand", "deleted from the dead-letter queue by hand", false],
  ["expired", "expired", false],
  ["movedAway", "moved away", false],
];

/** `accepted 91 = processed 67 + dead-lettered 24`, or the same with `≠` and what does not fit. */
function formatAccount(balance: NamedAccount): string {
  const places = PLACES.filter(([place, , always]) => always || (balance[place] ?? 0) !== 0);
  const sum = places.map(([place, name]) => `${name} ${balance[place] ?? 0}`).join(" + ");
  const wrong = whatIsWrong(balance);
  return wrong === undefined
    ? `accepted ${balance.accepted} = ${sum}`
    : `accepted ${balance.accepted} ≠ ${sum}: ${wrong}`;
}

/** The balance of each queue, with a mark. */
export function formatAccounts(accounts: readonly NamedAccount[]): string {
  return accounts
    .map((each) => {
      const mark = whatIsWrong(each) === undefined ? styleText("green", "✓") : styleText("red", "✗");
      return `${mark} ${each.queue}: ${formatAccount(each)}`;
    })
    .join("\n");
}
