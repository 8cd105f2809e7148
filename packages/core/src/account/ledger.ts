import { type FailureState, failureId } from "../failure/failed-message.ts";
import { noTotals } from "../failure/queue-totals.ts";
import { resentKey } from "../idempotency/resent-key.ts";
import type { Quarantine } from "../quarantine/quarantine.ts";
import type { RecoverPorts } from "../recover-ports.ts";

/** A message as its producer has entered it, before it was sent. */
export interface LedgerMessage {
  readonly lineage: string;
  /** Its SQS id, once SQS has taken it; none: whether it was sent is not known, since its producer was killed or got no answer. */
  readonly messageId?: string;
}

/** What producers have entered of what they sent. */
export interface Ledger {
  /** The messages of a queue that were entered in a time, oldest first, at most `most`; those that were not sent are not among them. */
  messages(
    queue: string,
    fromMs: number,
    toMs: number,
    most: number,
  ): Promise<{ readonly messages: readonly LedgerMessage[]; readonly more: boolean }>;
}

/** Where the messages are that producers have sent in a time: each is in exactly one place. */
export interface LedgerAccount {
  readonly queue: string;
  /** Milliseconds since the Unix epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Distinct messages that SQS took: one that was sent twice counts once. */
  readonly accepted: number;
  /** Its consumer has said so. */
  readonly processed: number;
  /** In the failure store, by state. */
  readonly failed: Readonly<Record<FailureState, number>>;
  /** In the failure store, behind a failed message of their group. */
  readonly setAside: number;
  /** In none of these places: still on the queue or in its dead-letter queue; or, where these are empty, expired, purged, deleted by hand, or lost. */
  readonly open: { readonly count: number; readonly ids: readonly string[]; readonly more: number };
  /** Entered, and not known to be sent: no difference. */
  readonly doubtful: number;
  /** Whether the time holds more messages than were looked at (10,000). */
  readonly more: boolean;
}

const MOST_MESSAGES = 10_000;
const READ_AT_ONCE = 100;

/** The most ids that are named. */
const MOST_NAMED = 20;

/** Where messages are that wait behind a failed one of their group. */
export type WaitingGroups = Pick<Quarantine, "open" | "setAside">;

/** Accounts for the messages that a queue's producers have entered in a time. Its consumer must be one of Reliq's. */
export async function ledgerAccount(
  queue: string,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  ledger: Ledger,
  ports: {
    readonly journal: Pick<RecoverPorts["journal"], "read">;
    readonly store: Pick<RecoverPorts["store"], "failures">;
    readonly quarantine: WaitingGroups;
  },
): Promise<LedgerAccount> {
  const { messages, more } = await ledger.messages(queue, fromMs, toMs, MOST_MESSAGES);
  const failed: Record<FailureState, number> = { ...noTotals(queue).states };
  const nowhere: Required<LedgerMessage>[] = [];
  let [processed, doubtful] = [0, 0];
  for (let start = 0; start < messages.length; start += READ_AT_ONCE) {
    const some = messages.slice(start, start + READ_AT_ONCE);
    const claims = await ports.journal.read(some.map(({ lineage }) => resentKey(queue, lineage)));
    const records = await ports.store.failures(some.map(({ lineage }) => failureId(queue, lineage)));
    for (const [index, { lineage, messageId }] of some.entries()) {
      const record = records[index];
      if (claims[index]?.state === "done") processed += 1;
      else if (record) failed[record.state] += 1;
      else if (messageId === undefined) doubtful += 1;
      else nowhere.push({ lineage, messageId });
    }
  }
  const aside = nowhere.length === 0 ? new Set() : await lineagesAside(queue, ports.quarantine);
  const open = nowhere.filter(({ lineage }) => !aside.has(lineage)).map(({ messageId }) => messageId);
  const named = open.slice(0, MOST_NAMED);
  return {
    queue,
    fromMs,
    toMs,
    accepted: messages.length - doubtful,
    processed,
    failed,
    setAside: nowhere.length - open.length,
    open: { count: open.length, ids: named, more: open.length - named.length },
    doubtful,
    more,
  };
}

/** What waits behind failed messages of a queue's groups, not yet sent again; of each group at most 10,000. */
async function lineagesAside(queue: string, quarantine: WaitingGroups): Promise<ReadonlySet<string>> {
  const lineages = new Set<string>();
  for (const mark of await quarantine.open(queue)) {
    if (mark.phase === "free") continue;
    const messages = await quarantine.setAside(mark, mark.through, MOST_MESSAGES);
    for (const { lineage } of messages) lineages.add(lineage);
  }
  return lineages;
}
