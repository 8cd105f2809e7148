import { describeError } from "../classify/thrown.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { type QueueCounts, sumCounts } from "./account.ts";
import { accountWithStore, type RecoveredAccount, whatIsWrong } from "./account-with-store.ts";
import { type EndedMessage, nameMessages } from "./name-messages.ts";

/** Queues that share a dead-letter queue, with what they have seen and hold. */
export interface CountedQueues {
  readonly queues: readonly { readonly name: string; readonly counts: QueueCounts }[];
  readonly deadLetterQueue: QueueCounts;
  /** Their messages that ended without their consumers, where the host knows which. @default they are counted and not named */
  readonly ends?: () => Promise<readonly EndedMessage[]>;
}

/**
 * Balances the queues that recovery serves, and logs `account-unbalanced` for each that is at rest and does not balance: while messages
 * move, counts that are read one after another say nothing. It fails no sweep.
 */
export async function checkAccount({
  counts,
  store,
  log,
}: Pick<RecoverPorts, "counts" | "log" | "store">): Promise<void> {
  if (!counts) return;
  try {
    const counted = await counts();
    const totals = await store.totals();
    for (const { queues, deadLetterQueue, ends } of counted) {
      const names = queues.map(({ name }) => name);
      const ofQueues = totals.filter(({ queue }) => names.includes(queue));
      const account = accountWithStore(sumCounts(queues.map((each) => each.counts)), deadLetterQueue, ofQueues);
      const wrong = isAtRest(account) ? whatIsWrong(account) : undefined;
      if (wrong !== undefined) {
        const messages = ends && (await nameMessages(await ends(), store));
        const named = messages && messages.length > 0 ? { messages } : {};
        log({ level: "error", event: "account-unbalanced", queue: names.join(" + "), wrong, account, ...named });
      }
    }
  } catch (error) {
    log({ level: "warn", event: "account-unavailable", error: describeError(error) });
  }
}

function isAtRest({ waiting, inFlight, deadLettered, healing }: RecoveredAccount): boolean {
  return waiting + inFlight + deadLettered + healing === 0;
}
