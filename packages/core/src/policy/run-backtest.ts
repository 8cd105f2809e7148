import { tryRepairs } from "../capture/decide-letter.ts";
import type { FailedMessage } from "../failure/failed-message.ts";
import type { FailureFilter } from "../failure/failure-filter.ts";
import { groupId } from "../failure/failure-group.ts";
import type { Repair } from "../heal/repair.ts";
import { wholeBody } from "../heal/whole-body.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { type Backtest, backtestOne, noBacktest, type PastFailure } from "./backtest.ts";
import type { Policy } from "./policy.ts";

type BacktestPorts = Pick<RecoverPorts, "archive" | "store">;

/** How much of history a backtest looks at. */
export interface BacktestScope {
  /** @default every failed message */
  readonly filter?: FailureFilter;
  /** The newest are taken; 1 to 10,000. @default 1000 */
  readonly limit?: number;
}

/** A backtest, and whether there was more history than it looked at. */
export type BacktestReport = Backtest & { readonly more: boolean };

/** Failures of one read. */
const PAGE = 100;

/** Says what a candidate policy would make of stored history; it changes nothing, and keeps no more than a page in memory. */
export async function runBacktest(
  candidate: Policy,
  repairs: readonly Repair[],
  { filter = {}, limit = 1_000 }: BacktestScope,
  ports: BacktestPorts,
): Promise<BacktestReport> {
  let backtest = noBacktest();
  let after: string | undefined;
  do {
    const page = await ports.store.listFailures({
      filter,
      limit: Math.min(PAGE, limit - backtest.looked),
      ...(after !== undefined && { after }),
    });
    const found = await ports.store.failures(page.failures.map(({ id }) => id));
    const known = found.flatMap((failure) => failure ?? []);
    for (const past of await readPast(candidate, repairs, known, ports)) {
      backtest = backtestOne(backtest, candidate, past);
    }
    after = page.next;
  } while (after !== undefined && backtest.looked < limit);
  return { ...backtest, more: after !== undefined };
}

async function readPast(
  policy: Policy,
  repairs: readonly Repair[],
  failures: readonly FailedMessage[],
  ports: BacktestPorts,
): Promise<readonly PastFailure[]> {
  const groups = [...new Set(failures.map(({ queue, reason }) => groupId(queue, reason.fingerprint)))];
  const found = await ports.store.groups(groups);
  const byId = new Map(groups.map((id, index) => [id, found[index]]));
  return Promise.all(
    failures.map(async (failure) => {
      const group = byId.get(groupId(failure.queue, failure.reason.fingerprint));
      return { failure, group, repairs: await repairsOf(policy, repairs, failure, ports) };
    }),
  );
}

/** Bodies are read only where a rule names a repair. */
async function repairsOf(
  policy: Policy,
  repairs: readonly Repair[],
  failure: FailedMessage,
  ports: BacktestPorts,
): Promise<PastFailure["repairs"]> {
  const named = repairs.filter(({ name }) => policy.rules.some(({ repair }) => repair === name));
  if (named.length === 0) return new Map();
  const sent = { ...failure, ...failure.original };
  return tryRepairs({ policy, repairs: named }, sent, await wholeBody(failure.original ?? failure, ports));
}
