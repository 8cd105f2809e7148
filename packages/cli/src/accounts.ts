import { styleText } from "node:util";
import { type Account, account, sumCounts } from "@reliq/core";
import type { QueueFamily } from "./queues.ts";

/** The account of a queue, or of several that share a dead-letter queue. */
export interface NamedAccount extends Account {
  readonly queue: string;
}

/** Balances a queue family. */
export function accountOf({ sources, deadLetterQueue }: QueueFamily): NamedAccount {
  const name = sources.map((queue) => queue.name).join(" + ");
  return { queue: name, ...account(sumCounts(sources.map((queue) => queue.counts)), deadLetterQueue?.counts) };
}

/** Where messages can be, in the order in which an account names them, and whether it is named also when it is empty. */
const PLACES: readonly (readonly [keyof Account, string, boolean])[] = [
  ["processed", "processed", true],
  ["waiting", "waiting", false],
  ["inFlight", "in flight", false],
  ["deadLettered", "dead-lettered", true],
  ["discarded", "discarded by a person", false],
  ["expired", "expired", false],
  ["movedAway", "moved away", false],
];

/** `accepted 91 = processed 67 + dead-lettered 24`, or the same with `≠` and what does not fit. */
function formatAccount(balance: Account): string {
  const places = PLACES.filter(([place, , always]) => always || balance[place] !== 0);
  const sum = places.map(([place, name]) => `${name} ${balance[place]}`).join(" + ");
  const { accepted, difference } = balance;
  if (difference === 0) return `accepted ${accepted} = ${sum}`;
  const wrong = difference > 0 ? `${difference} missing` : `${-difference} too many`;
  return `accepted ${accepted} ≠ ${sum}: ${wrong}`;
}

/** The balance of each queue, with a mark. */
export function formatAccounts(accounts: readonly NamedAccount[]): string {
  return accounts
    .map((each) => {
      const mark = each.difference === 0 ? styleText("green", "✓") : styleText("red", "✗");
      return `${mark} ${each.queue}: ${formatAccount(each)}`;
    })
    .join("\n");
}
