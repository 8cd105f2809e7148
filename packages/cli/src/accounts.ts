import { styleText } from "node:util";
import { type Account, account, sumCounts } from "@reliq/core";
import {
  accountWithStore,
  type NamedMessages,
  type QueueTotals,
  type RecoveredAccount,
  whatIsWrong,
} from "@reliq/core/recovery";
import type { QueueFamily } from "./queues.ts";

/** The account of a queue, or of several that share a dead-letter queue; what recovery keeps of it, where it serves the queue. */
export interface NamedAccount extends Account, Partial<Omit<RecoveredAccount, keyof Account>> {
  readonly queue: string;
  /** Messages that ended without their consumer, as far as the region remembers them. */
  readonly messages?: readonly NamedMessages[];
}

/** Balances queue families, with what failure stores have of them. */
export function accountsOf(families: readonly QueueFamily[], totals: readonly QueueTotals[]): readonly NamedAccount[] {
  return families.map((family) => accountOf(family, totals));
}

function accountOf({ sources, deadLetterQueue }: QueueFamily, totals: readonly QueueTotals[]): NamedAccount {
  const queue = sources.map(({ name }) => name).join(" + ");
  const counts = sumCounts(sources.map((each) => each.counts));
  const ofQueues = totals.filter((each) => sources.some(({ name }) => name === each.queue));
  if (!deadLetterQueue || ofQueues.length === 0) return { queue, ...account(counts, deadLetterQueue?.counts) };
  return { queue, ...accountWithStore(counts, deadLetterQueue.counts, ofQueues) };
}

/** Where messages can be, in the order in which an account names them, and whether it is named also when it is empty. */
const PLACES: readonly (readonly [keyof RecoveredAccount, string, boolean])[] = [
  ["processed", "processed", true],
  ["waiting", "waiting", false],
  ["inFlight", "in flight", false],
  ["deadLettered", "dead-lettered", true],
  ["held", "held", false],
  ["healing", "healing", false],
  ["setAside", "set aside", false],
  ["archived", "archived", false],
  ["discarded", "discarded by a person", false],
  ["deletedByHand", "deleted from the dead-letter queue by hand", false],
  ["expired", "expired", false],
  ["movedAway", "moved away", false],
];

/** Places with messages, and those that are named always, each with its number; `of` says how a place's number is written. */
export function formatPlaces(
  balance: Account & Partial<RecoveredAccount>,
  of: (place: keyof RecoveredAccount) => string = () => "",
): string {
  const places = PLACES.filter(([place, , always]) => always || (balance[place] ?? 0) !== 0);
  return places.map(([place, name]) => `${name} ${of(place)}${balance[place] ?? 0}`).join(" + ");
}

/** `accepted 91 = processed 67 + dead-lettered 24`, or the same with `≠` and what does not fit. */
function formatAccount(balance: NamedAccount): string {
  const sum = formatPlaces(balance);
  const wrong = whatIsWrong(balance);
  return wrong === undefined
    ? `accepted ${balance.accepted} = ${sum}`
    : `accepted ${balance.accepted} ≠ ${sum}: ${wrong}`;
}

const NAMED: Readonly<Record<NamedMessages["place"], string>> = {
  deletedByHand: "deleted from the dead-letter queue by hand",
  expired: "expired",
  purged: "purged",
  unaccounted: "in the producer's ledger, and neither processed nor kept",
};

function formatNamed({ place, ids, more }: NamedMessages): string {
  return styleText("dim", `    ${NAMED[place]}: ${ids.join(", ")}${more > 0 ? `, and ${more} more` : ""}`);
}

/** The balance of each queue, with a mark. */
export function formatAccounts(accounts: readonly NamedAccount[]): string {
  return accounts
    .map((each) => {
      const mark = whatIsWrong(each) === undefined ? styleText("green", "✓") : styleText("red", "✗");
      return [`${mark} ${each.queue}: ${formatAccount(each)}`, ...(each.messages ?? []).map(formatNamed)].join("\n");
    })
    .join("\n");
}
