import { describeError } from "../classify/thrown.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { type QueueCounts, sumCounts } from "./account.ts";
import { accountWithStore, type RecoveredAccount, whatIsWrong } from "./account-with-store.ts";
import { ledgerAccount } from "./ledger.ts";
import { type EndedMessage, type NamedMessages, nameMessages } from "./name-messages.ts";

/** Queues that share a dead-letter queue, with what they have seen and hold. */
export interface CountedQueues {
  readonly queues: readonly { readonly name: string; readonly counts: QueueCounts }[];
  readonly deadLetterQueue: QueueCounts;
  /** Their messages that ended without their consumers, where the host knows which. @default they are counted and not named */
  readonly ends?: () => Promise<readonly EndedMessage[]>;
}

type CheckPorts = Pick<RecoverPorts, "counts" | "journal" | "ledger" | "log" | "now" | "store">;

/** How far back producers' ledgers are read for names, ms. */
const LEDGER_MS = 24 * 3_600_000;

/**
 * Balances the queues that recovery serves, and logs `account-unbalanced` for each that is at rest and does not balance: while messages
 * move, counts that are read one after another say nothing. It fails no sweep.
 */
export async function checkAccount(ports: CheckPorts): Promise<void> {
  const { counts, store, log } = ports;
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
        const ended = ends ? await nameMessages(await ends(), store) : [];
        const messages = [...ended, ...(await nameOpen(names, ports))];
        const named = messages.length > 0 ? { messages } : {};
        log({ level: "error", event: "account-unbalanced", queue: names.join(" + "), wrong, account, ...named });
      }
    }
  } catch (error) {
    log({ level: "warn", event: "account-unavailable", error: describeError(error) });
  }
}

/** Of queues at rest: what their producers entered, and nobody processed or keeps. */
async function nameOpen(queues: readonly string[], { ledger, now, ...ports }: CheckPorts): Promise<NamedMessages[]> {
  if (!ledger) return [];
  const toMs = now();
  const named: NamedMessages[] = [];
  for (const queue of queues) {
    const { open } = await ledgerAccount(queue, { fromMs: toMs - LEDGER_MS, toMs }, ledger, ports);
    if (open.count > 0) named.push({ place: "unaccounted", ids: open.ids, more: open.more });
  }
  return named;
}

function isAtRest({ waiting, inFlight, deadLettered, healing }: RecoveredAccount): boolean {
  return waiting + inFlight + deadLettered + healing === 0;
}
