import { ReliqError } from "../errors.ts";
import type { ChangeEnd } from "../failure/change-messages.ts";
import type { FailedMessage } from "../failure/failed-message.ts";
import { type Repair, type RepairOutcome, tryRepair } from "../heal/repair.ts";
import { wholeBody } from "../heal/whole-body.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { listAll } from "../redrive/find-candidates.ts";
import { olderFirst } from "../redrive/order-plan.ts";
import { commitContent } from "./commit-content.ts";
import { sendHeld } from "./send-held.ts";

/** What a repair would make of one message of a group. */
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

/** The most held messages of a group that one call looks at. */
const MOST_MESSAGES = 1_000;

/** How many bodies are read at once. */
const BODIES_AT_ONCE = 10;

/**
 * Says what a registered repair would make of each held message of a failure group, older first: the difference, or why it does not
 * apply. It changes nothing; at most 1,000 messages.
 * @throws ReliqError `group-unknown`
 */
export async function previewRepair(
  group: string,
  repair: Repair,
  ports: Pick<RecoverPorts, "archive" | "store">,
): Promise<readonly RepairPreview[]> {
  const { store } = ports;
  const [found] = await store.groups([group]);
  if (!found) throw new ReliqError("group-unknown", `There is no failure group ${group}.`);
  const { queue, fingerprint } = found;
  const { failures } = await listAll({ queue, fingerprint, state: "held" }, MOST_MESSAGES, store);
  const records = await store.failures(failures.toSorted(olderFirst).map(({ id }) => id));
  const held = records.flatMap((record) => (record?.state === "held" ? [record] : []));
  const previews: RepairPreview[] = [];
  for (let start = 0; start < held.length; start += BODIES_AT_ONCE) {
    const tried = held.slice(start, start + BODIES_AT_ONCE).map(async (failure) => ({
      failure,
      outcome: await tryRepair(repair, failure, await wholeBody(failure, ports)),
    }));
    previews.push(...(await Promise.all(tried)));
  }
  return previews;
}

/**
 * Applies a registered repair to each held message of a failure group to which it applies; what the producer sent is kept. With
 * `send`, the repaired messages are then on their way to their queue.
 * @throws ReliqError `group-unknown`
 */
export async function applyRepair(
  group: string,
  repair: Repair,
  by: string,
  ports: RecoverPorts,
  { send = false }: { readonly send?: boolean } = {},
): Promise<readonly RepairEnd[]> {
  const ends: RepairEnd[] = [];
  const repaired: FailedMessage[] = [];
  for (const { failure, outcome } of await previewRepair(group, repair, ports)) {
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
  const sends = new Map((await sendHeld(repaired, { via: "edit", by }, ports)).map((end) => [end.id, end]));
  return ends.map((end) => {
    const sent = sends.get(end.id);
    if (end.kind !== "done" || sent === undefined) return end;
    return sent.kind === "done" ? { ...end, sent: true } : { ...end, sent: false, notSentBecause: sent.because };
  });
}
