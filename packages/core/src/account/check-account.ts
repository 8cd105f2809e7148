import { describeError } from "../classify/thrown.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { type QueueCounts, sumCounts } from "./account.ts";
import { accountWithStore, type RecoveredAccount, whatIsWrong } from "./account-with-store.ts";
import { ledgerAccount } from "./ledger.ts";
import { APPROXIMATE, type Meters, SETTLED_MS, whatMetersMiss } from "./metered.ts";
import { type EndedMessage, type NamedMessages, nameMessages } from "./name-messages.ts";

/** Queues that share a dead-letter queue, with what they have seen and hold. */
export interface CountedQueues {
  readonly queues: readonly { readonly name: string; readonly counts: QueueCounts }[];
  readonly deadLetterQueue: QueueCounts;
  /** Their messages that ended without their consumers, where the host knows which. @default they are counted and not named */
  readonly ends?: () => Promise<readonly EndedMessage[]>;
  /** Where the counts are those of metrics. @default every step of every message was counted */
  readonly meters?: Meters;
}

type CheckPorts = Pick<RecoverPorts, "counts" | "journal" | "ledger" | "log" | "now" | "quarantine" | "store">;

/** How far back producers' ledgers are read for names, ms. */
const LEDGER_MS = 24 * 3_600_000;

/**
 * Balances the queues that recovery serves, and logs `account-unbalanced` for each that is at rest and does not balance: while messages
 * move, counts that are read one after another say nothing. Metrics are judged by what is settled of them, and the ledger goes before them.
 * It fails no sweep.
 */
export async function checkAccount(ports: CheckPorts): Promise<void> {
  const { counts, store, log } = ports;
  if (!counts) return;
  try {
    const counted = await counts();
    if (counted.length === 0) return;
    const totals = await store.totals();
    for (const each of counted) {
      const names = each.queues.map(({ name }) => name);
      const ofQueues = totals.filter(({ queue }) => names.includes(queue));
      const account = accountWithStore(sumCounts(each.queues.map((one) => one.counts)), each.deadLetterQueue, ofQueues);
      const { meters } = each;
      const said = meters
        ? await missingByMeters(names, account, meters, ports)
        : await missingByCounts(names, account, each, ports);
      if (said) log({ level: "error", event: "account-unbalanced", queue: names.join(" + "), account, ...said });
    }
  } catch (error) {
    log({ level: "warn", event: "account-unavailable", error: describeError(error) });
  }
}

interface Unbalanced {
  readonly wrong: string;
  readonly messages?: readonly NamedMessages[];
}

async function missingByCounts(
  queues: readonly string[],
  account: RecoveredAccount,
  { ends }: CountedQueues,
  ports: CheckPorts,
): Promise<Unbalanced | undefined> {
  const wrong = isAtRest(account) ? whatIsWrong(account) : undefined;
  if (wrong === undefined) return undefined;
  const ended = ends ? await nameMessages(await ends(), ports.store) : [];
  const messages = [...ended, ...(await nameOpen(queues, ports.now(), ports))];
  return { wrong, ...(messages.length > 0 && { messages }) };
}

async function missingByMeters(
  queues: readonly string[],
  account: RecoveredAccount,
  { lately }: Meters,
  ports: CheckPorts,
): Promise<(Unbalanced & Pick<Meters, "lately"> & { readonly approximate: typeof APPROXIMATE }) | undefined> {
  const messages = isAtRest(account) ? await nameOpen(queues, ports.now() - SETTLED_MS, ports) : [];
  const named = messages.reduce((sum, { ids, more }) => sum + ids.length + more, 0);
  const wrong = whatMetersMiss(named, lately);
  if (wrong === undefined) return undefined;
  return {
    wrong,
    approximate: APPROXIMATE,
    ...(messages.length > 0 && { messages }),
    ...(lately && { lately }),
  };
}

/** Of queues at rest: what their producers entered in the day before, and nobody processed or keeps. */
async function nameOpen(
  queues: readonly string[],
  toMs: number,
  { ledger, ...ports }: CheckPorts,
): Promise<NamedMessages[]> {
  if (!ledger) return [];
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
