import { whatIsWrong } from "@reliq/core/recovery";
import { accountsOf, formatAccounts } from "../accounts.ts";
import { failureStores, readTotals } from "../failure-stores.ts";
import { listQueues, queueFamilies } from "../queues.ts";

/** `reliq account`: whether every accepted message is in one known place. Exits 1 where a queue does not balance. */
export async function account(options: { readonly endpoint: string; readonly json?: boolean }): Promise<void> {
  const { endpoint } = options;
  const totals = await readTotals(await failureStores(endpoint));
  const accounts = accountsOf(queueFamilies(await listQueues(endpoint)), totals);
  if (accounts.some((each) => whatIsWrong(each) !== undefined)) process.exitCode = 1;
  if (options.json) console.log(JSON.stringify(accounts, undefined, 2));
  else console.log(formatAccounts(accounts) || "This region has no queues.");
}
