import { type NamedMessages, whatIsWrong } from "@reliq/core/recovery";
import { accountsOf, formatAccounts, type NamedAccount } from "../accounts.ts";
import { failureStores, readTotals } from "../failure-stores.ts";
import { withNames } from "../name-messages.ts";
import { listQueues, queueFamilies } from "../queues.ts";

/** `reliq account`: whether every accepted message is in one known place. Exits 1 where a queue does not balance. */
export async function account(options: { readonly endpoint: string; readonly json?: boolean }): Promise<void> {
  const { endpoint } = options;
  const stores = await failureStores(endpoint);
  const families = queueFamilies(await listQueues(endpoint));
  const counted = accountsOf(families, await readTotals(stores));
  const accounts = await Promise.all(
    families.map((family, index) => withNames(endpoint, counted[index] as NamedAccount, family, stores)),
  );
  const isLost = ({ place }: NamedMessages): boolean => place === "unaccounted";
  const isWrong = (each: NamedAccount): boolean =>
    whatIsWrong(each) !== undefined || (each.messages ?? []).some(isLost);
  if (accounts.some(isWrong)) process.exitCode = 1;
  if (options.json) console.log(JSON.stringify(accounts, undefined, 2));
  else console.log(formatAccounts(accounts) || "This region has no queues.");
}
