import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { SQSClient } from "@aws-sdk/client-sqs";
import { meteredCounts } from "@reliq/aws/recovery";
import { account, sumCounts } from "@reliq/core";
import {
  APPROXIMATE,
  accountWithStore,
  type CountedQueues,
  type LedgerAccount,
  type Meters,
  type QueueTotals,
  type RecoveredAccount,
  SETTLED_MS,
  whatMetersMiss,
} from "@reliq/core/recovery";
import type { NamedAccount } from "./accounts.ts";
import { listMeteredQueues } from "./aws-queues.ts";
import { clientSettings } from "./client-settings.ts";
import { type ApiOptions, callApi, findApi, isHere } from "./recovery-client.ts";
import { DEFAULT_ENDPOINT, regionStatus } from "./region-client.ts";

/** The account of a queue on AWS, or of several that share a dead-letter queue. */
export interface MeteredAccount extends NamedAccount, Meters {
  /** Which of its numbers are of metrics or of SQS's attributes; the others are exact. */
  readonly approximate: readonly (keyof RecoveredAccount)[];
  /** Whether recovery's API was asked what it keeps; else nothing of it is counted. */
  readonly isRecoveryCounted: boolean;
  /** By the ledgers of its producers, of the last 24 hours but 15 minutes; exact. Those without one are not there. */
  readonly ledger: readonly LedgerAccount[];
  readonly wrong?: string;
}

interface Place {
  /** @default AWS, by the environment's region */
  readonly endpoint?: string;
  /** Recovery's API. @default that of the local region at `endpoint`, if any */
  readonly api?: string;
}

/** How far back ledgers are read, milliseconds. */
const LEDGER_MS = 24 * 3_600_000;

/** Balances queues as AWS lets one: by metrics and attributes, by what recovery's API says, and by ledgers; all queues where none is named. */
export async function meteredAccounts(
  queue: string | undefined,
  { endpoint, api }: Place,
): Promise<readonly MeteredAccount[]> {
  const isLocal = endpoint !== undefined && isHere(new URL(endpoint));
  const settings = isLocal ? clientSettings(endpoint) : { ...(endpoint !== undefined && { endpoint }) };
  const sqs = new SQSClient(settings);
  // A region whose time has jumped has its metrics there.
  const status = isLocal ? await regionStatus(endpoint).catch(() => undefined) : undefined;
  const nowMs = status ? Date.parse(status.now) : Date.now();
  const queues = await listMeteredQueues(sqs, queue);
  const counts = meteredCounts(queues, { sqs, cloudwatch: new CloudWatchClient(settings), now: () => nowMs });
  const base = isLocal ? await findApi({ endpoint, ...(api !== undefined && { api }) }) : api;
  const recovery = base === undefined ? undefined : { endpoint: endpoint ?? DEFAULT_ENDPOINT, api: base };
  const totals = recovery && (await callApi(recovery, "get-totals", {})).totals;
  return Promise.all(
    (await counts()).map(async (counted) => {
      const names = counted.queues.map(({ name }) => name);
      return accountOf(counted, totals, recovery ? await ledgersOf(names, nowMs, recovery) : []);
    }),
  );
}

async function ledgersOf(
  queues: readonly string[],
  nowMs: number,
  recovery: ApiOptions,
): Promise<readonly LedgerAccount[]> {
  const time = { fromMs: nowMs - LEDGER_MS, toMs: nowMs - SETTLED_MS };
  const ledgers = await Promise.all(queues.map((queue) => callApi(recovery, "get-ledger", { queue, ...time })));
  return ledgers.filter(({ accepted, doubtful }) => accepted + doubtful > 0);
}

function accountOf(
  { queues, deadLetterQueue, meters = { sinceMs: 0 } }: CountedQueues,
  totals: readonly QueueTotals[] | undefined,
  ledger: readonly LedgerAccount[],
): MeteredAccount {
  const counts = sumCounts(queues.map((each) => each.counts));
  const ofQueues = totals?.filter(({ queue }) => queues.some(({ name }) => name === queue));
  const balance = ofQueues
    ? accountWithStore(counts, deadLetterQueue, ofQueues)
    : { ...account(counts, deadLetterQueue), healing: 0 };
  const isAtRest = balance.waiting + balance.inFlight + balance.deadLettered + balance.healing === 0;
  const open = isAtRest ? ledger.reduce((sum, each) => sum + each.open.count, 0) : 0;
  const wrong = whatMetersMiss(open, meters.lately);
  return {
    queue: queues.map(({ name }) => name).join(" + "),
    ...balance,
    ...meters,
    // Of what left the dead-letter queue then only a metric tells.
    approximate: totals ? APPROXIMATE : [...APPROXIMATE, "discarded"],
    isRecoveryCounted: totals !== undefined,
    ledger,
    ...(wrong !== undefined && { wrong }),
  };
}
