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
import { type AskedRegion, isHere } from "./asked-region.ts";
import { listMeteredQueues } from "./aws-queues.ts";
import { inParts } from "./in-parts.ts";
import type { RecoveryClient } from "./recovery-client.ts";
import { regionStatus } from "./region-client.ts";

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

/** How far back ledgers are read, milliseconds. */
const LEDGER_MS = 24 * 3_600_000;

/** How many queues' ledgers are asked for at once. */
const AT_ONCE = 10;

/** Balances queues as AWS lets one: by metrics and attributes, by what recoveries' APIs say, and by ledgers; all queues where none is named. */
export async function meteredAccounts(
  queue: string | undefined,
  { endpoint, settings }: AskedRegion,
  apis: readonly RecoveryClient[],
): Promise<readonly MeteredAccount[]> {
  const sqs = new SQSClient(settings);
  const nowMs = await timeOf(endpoint);
  const queues = await listMeteredQueues(sqs, queue);
  const counts = meteredCounts(queues, { sqs, cloudwatch: new CloudWatchClient(settings), now: () => nowMs });
  const [counted, totals] = await Promise.all([counts(), Promise.all(apis.map(totalsOf))]);
  return inParts(counted, AT_ONCE, async (each) => {
    const names = each.queues.map(({ name }) => name);
    return accountOf(each, apis.length === 0 ? undefined : totals.flat(), await ledgersOf(names, nowMs, apis));
  });
}

/** A local region that is asked as AWS is has its metrics where its time has jumped to. */
async function timeOf(endpoint: string | undefined): Promise<number> {
  const isLocal = endpoint !== undefined && isHere(new URL(endpoint));
  const status = isLocal ? await regionStatus(endpoint).catch(() => undefined) : undefined;
  return status ? Date.parse(status.now) : Date.now();
}

async function totalsOf(callApi: RecoveryClient): Promise<readonly QueueTotals[]> {
  return (await callApi("get-totals", {})).totals;
}

async function ledgersOf(
  queues: readonly string[],
  nowMs: number,
  apis: readonly RecoveryClient[],
): Promise<readonly LedgerAccount[]> {
  const time = { fromMs: nowMs - LEDGER_MS, toMs: nowMs - SETTLED_MS };
  const asked = queues.flatMap((queue) => apis.map((callApi) => callApi("get-ledger", { queue, ...time })));
  return (await Promise.all(asked)).filter(({ accepted, doubtful }) => accepted + doubtful > 0);
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
