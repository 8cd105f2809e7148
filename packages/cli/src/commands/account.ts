import { type NamedMessages, whatIsWrong } from "@reliq/core/recovery";
import { accountsOf, formatAccounts, type NamedAccount } from "../accounts.ts";
import { CommandError } from "../command-error.ts";
import { failureStores, readTotals } from "../failure-stores.ts";
import { formatMetered } from "../format-metered.ts";
import { meteredAccounts } from "../metered-accounts.ts";
import { withNames } from "../name-messages.ts";
import { printAnswer } from "../print-answer.ts";
import { listQueues, type QueueFamily, queueFamilies } from "../queues.ts";
import type { ApiOptions } from "../recovery-client.ts";
import { isLocalRegion } from "../region-client.ts";

interface AccountOptions extends ApiOptions {
  /** Asks as AWS is asked, also where a local region answers. */
  readonly aws?: boolean;
  /** Whether somebody named the endpoint. */
  readonly isGiven: boolean;
}

/** `reliq account`: whether every accepted message is in one known place. Exits 1 where a queue does not balance. */
export async function account(queue: string | undefined, options: AccountOptions): Promise<void> {
  const { endpoint, aws = false, isGiven } = options;
  if (!aws && (await isLocalRegion(endpoint))) return regionAccount(queue, options);
  const accounts = await meteredAccounts(queue, {
    ...(isGiven && { endpoint }),
    ...(options.api !== undefined && { api: options.api }),
  });
  if (accounts.some(({ wrong }) => wrong !== undefined)) process.exitCode = 1;
  printAnswer(options, accounts, (each) => formatMetered(each) || "There are no queues here.");
}

async function regionAccount(
  queue: string | undefined,
  { endpoint, json }: Pick<AccountOptions, "endpoint" | "json">,
): Promise<void> {
  const stores = await failureStores(endpoint);
  const families = familiesOf(queue, queueFamilies(await listQueues(endpoint)));
  const counted = accountsOf(families, await readTotals(stores));
  const accounts = await Promise.all(
    families.map((family, index) => withNames(endpoint, counted[index] as NamedAccount, family, stores)),
  );
  const isLost = ({ place }: NamedMessages): boolean => place === "unaccounted";
  const isWrong = (each: NamedAccount): boolean =>
    whatIsWrong(each) !== undefined || (each.messages ?? []).some(isLost);
  if (accounts.some(isWrong)) process.exitCode = 1;
  if (json) console.log(JSON.stringify(accounts, undefined, 2));
  else console.log(formatAccounts(accounts) || "This region has no queues.");
}

function familiesOf(queue: string | undefined, families: readonly QueueFamily[]): readonly QueueFamily[] {
  if (queue === undefined) return families;
  const named = families.filter(({ sources, deadLetterQueue }) =>
    [...sources, ...(deadLetterQueue ? [deadLetterQueue] : [])].some(({ name }) => name === queue),
  );
  if (named.length > 0) return named;
  throw new CommandError(`This region has no queue ${queue}. \`reliq queues\` lists those that it has.`);
}
