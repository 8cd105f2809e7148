import { styleText } from "node:util";
import { type NamedMessages, whatIsWrong } from "@reliq/core/recovery";
import { accountsOf, formatAccounts, type NamedAccount } from "../accounts.ts";
import { type AskedRegion, askedRegion, localEndpoint, nameOf } from "../asked-region.ts";
import { CommandError } from "../command-error.ts";
import { failureStores, readTotals } from "../failure-stores.ts";
import { formatMetered } from "../format-metered.ts";
import { meteredAccounts } from "../metered-accounts.ts";
import { namerOf } from "../name-messages.ts";
import { printAnswer } from "../print-answer.ts";
import { progress } from "../progress.ts";
import { listQueues, type QueueFamily, queueFamilies } from "../queues.ts";
import { type ApiOptions, reachableApis, recoveryClient } from "../recovery-client.ts";

/** `reliq account`: whether every accepted message is in one known place. Exits 1 where a queue does not balance. */
export async function account(queue: string | undefined, options: ApiOptions): Promise<void> {
  const region = await askedRegion(options);
  const local = await localEndpoint(region);
  if (local === undefined) await metered(queue, region, options);
  else await counted(queue, local, options);
}

async function metered(queue: string | undefined, region: AskedRegion, options: ApiOptions): Promise<void> {
  const show = progress(options);
  show?.(`Asking ${nameOf(region)} …`);
  const { urls, trouble } = await reachableApis(region, options.api);
  const accounts = await meteredAccounts(
    queue,
    region,
    urls.map((url) => recoveryClient(region, url)),
  );
  show?.clear();
  if (trouble !== undefined) console.error(styleText("dim", trouble));
  if (accounts.some(({ wrong }) => wrong !== undefined)) process.exitCode = 1;
  printAnswer(options, accounts, (each) => formatMetered(each) || `There are no queues in ${nameOf(region)}.`);
}

async function counted(queue: string | undefined, endpoint: string, options: ApiOptions): Promise<void> {
  const show = progress(options);
  show?.("Counting …");
  const [stores, queues] = await Promise.all([failureStores(endpoint), listQueues(endpoint)]);
  const families = familiesOf(queue, queueFamilies(queues));
  const [totals, named] = await Promise.all([readTotals(stores), namerOf(endpoint, stores)]);
  let done = 0;
  const accounts = await Promise.all(
    accountsOf(families, totals).map(async (each, index) => {
      const whole = await named(each, families[index] as QueueFamily);
      done += 1;
      show?.(`${bar(done, families.length)} ${done} of ${families.length}`);
      return whole;
    }),
  );
  show?.clear();
  if (accounts.some(isWrong)) process.exitCode = 1;
  printAnswer(options, accounts, (all) => formatAccounts(all) || "This region has no queues.");
}

function isWrong(account: NamedAccount): boolean {
  const isLost = ({ place }: NamedMessages): boolean => place === "unaccounted";
  return whatIsWrong(account) !== undefined || (account.messages ?? []).some(isLost);
}

/** The length of a bar, characters. */
const LENGTH = 40;

function bar(done: number, all: number): string {
  const length = Math.round((done / Math.max(1, all)) * LENGTH);
  return styleText("green", "█".repeat(length)) + styleText("gray", "▁".repeat(LENGTH - length));
}

function familiesOf(queue: string | undefined, families: readonly QueueFamily[]): readonly QueueFamily[] {
  if (queue === undefined) return families;
  const named = families.filter(({ sources, deadLetterQueue }) =>
    [...sources, ...(deadLetterQueue ? [deadLetterQueue] : [])].some(({ name }) => name === queue),
  );
  if (named.length > 0) return named;
  throw new CommandError(`This region has no queue ${queue}. \`reliq queues\` lists those that it has.`);
}
