import { ReliqError } from "../errors.ts";
import type { ChangeEnd } from "../failure/change-messages.ts";
import type { FailedMessage } from "../failure/failed-message.ts";
import type { FailureFilter } from "../failure/failure-filter.ts";
import { type Repair, type RepairOutcome, tryRepair } from "../heal/repair.ts";
import { wholeBody } from "../heal/whole-body.ts";
import type { FailureStore, RecoverPorts } from "../recover-ports.ts";
import { listAll } from "../redrive/find-candidates.ts";
import { olderFirst } from "../redrive/order-plan.ts";
import { commitContent } from "./commit-content.ts";
import { sendToQueues } from "./send-held.ts";

/** Which held messages are repaired: those of a failure group, some by their ids, or what a filter finds. */
export type RepairScope =
  | { readonly group: string }
  | { readonly failures: readonly string[] }
  | { readonly filter: Omit<FailureFilter, "state"> };

/** What a repair would make of one message. */
export interface RepairPreview {
  readonly failure: FailedMessage;
  readonly outcome: RepairOutcome;
}

/** How one message of a batch repair ended. */
export type RepairEnd = ChangeEnd & {
  readonly diff?: readonly string[];
  /** Where that was asked for: whether it is on its way to its queue, and why not. */
  readonly sent?: boolean;
  readonly notSentBecause?: string;
};

/** The most held messages that one call looks at. */
const MOST_MESSAGES = 1_000;

/** How many bodies are read at once. */
const BODIES_AT_ONCE = 10;

/**
 * Says what a registered repair would make of each held message, older first: the difference, or why it does not apply. It changes
 * nothing; at most 1,000 messages.
 * @throws ReliqError `group-unknown`, `failure-unknown`
 */
export async function previewRepair(
  scope: RepairScope,
  repair: Repair,
  ports: Pick<RecoverPorts, "archive" | "store">,
): Promise<readonly RepairPreview[]> {
  const found = await recordsOf(scope, ports.store);
  const previews: RepairPreview[] = [];
  for (let start = 0; start < found.length; start += BODIES_AT_ONCE) {
    const tried = found.slice(start, start + BODIES_AT_ONCE).map(async (failure) => ({
      failure,
      outcome: await outcomeOf(repair, failure, ports),
    }));
    previews.push(...(await Promise.all(tried)));
  }
  return previews;
}

/** Messages that a person names are answered for whatever their state; of a group or a filter, those that are held. */
async function recordsOf(scope: RepairScope, store: FailureStore): Promise<readonly FailedMessage[]> {
  if ("failures" in scope) {
    const ids = [...new Set(scope.failures)];
    const records = await store.failures(ids);
    const missing = ids.find((_, index) => records[index] === undefined);
    if (missing !== undefined) throw new ReliqError("failure-unknown", `There is no failed message ${missing}.`);
    return records.flatMap((record) => record ?? []).toSorted(olderFirst);
  }
  const filter = "group" in scope ? await filterOf(scope.group, store) : scope.filter;
  const { failures } = await listAll({ ...filter, state: "held" }, MOST_MESSAGES, store);
  const records = await store.failures(failures.toSorted(olderFirst).map(({ id }) => id));
  return records.flatMap((record) => (record?.state === "held" ? [record] : []));
}

async function filterOf(group: string, store: FailureStore): Promise<FailureFilter> {
  const [found] = await store.groups([group]);
  if (!found) throw new ReliqError("group-unknown", `There is no failure group ${group}.`);
  return { queue: found.queue, fingerprint: found.fingerprint };
}

async function outcomeOf(
  repair: Repair,
  failure: FailedMessage,
  ports: Pick<RecoverPorts, "archive">,
): Promise<RepairOutcome> {
  if (failure.state === "held") return tryRepair(repair, failure, await wholeBody(failure, ports));
  return { kind: "not-applicable", because: `it is ${failure.state}; held messages can be repaired` };
}

/**
 * Applies a registered repair to each held message to which it applies; what the producer sent is kept. With `send`, the repaired
 * messages are then on their way to their queues.
 * @throws ReliqError `group-unknown`, `failure-unknown`
 */
export async function applyRepair(
  scope: RepairScope,
  repair: Repair,
  by: string,
  ports: RecoverPorts,
  { send = false }: { readonly send?: boolean } = {},
): Promise<readonly RepairEnd[]> {
  return applyPreviews(await previewRepair(scope, repair, ports), repair, by, ports, { send });
}

/** Makes of held messages what was shown; one that has changed since is left alone. */
export async function applyPreviews(
  previews: readonly RepairPreview[],
  repair: Repair,
  by: string,
  ports: RecoverPorts,
  { send }: { readonly send: boolean },
): Promise<readonly RepairEnd[]> {
  const ends: RepairEnd[] = [];
  const repaired: FailedMessage[] = [];
  for (const { failure, outcome } of previews) {
    const { id } = failure;
    if (outcome.kind === "not-applicable") {
      ends.push({ id, kind: "refused", because: outcome.because });
      continue;
    }
    const change = { kind: "repair", by: repair.name, diff: outcome.diff, askedBy: by } as const;
    const after = await commitContent(failure, outcome.content, change, ports);
    if (after) repaired.push(after);
    ends.push(
      after
        ? { id, kind: "done", diff: outcome.diff }
        : { id, kind: "refused", because: "it has just changed: look again" },
    );
  }
  if (!send) return ends;
  const sends = await sendToQueues(repaired, { via: "edit", by }, ports);
  return ends.map((end) => {
    const sent = sends.get(end.id);
    if (end.kind !== "done" || sent === undefined) return end;
    return sent.kind === "done" ? { ...end, sent: true } : { ...end, sent: false, notSentBecause: sent.because };
  });
}
