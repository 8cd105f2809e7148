import { placeBody } from "../capture/place-content.ts";
import { type EditedMessage, editMessage, type MessageEdit, prepareEdit } from "../edit/edit-message.ts";
import type { RepairEnd, RepairScope } from "../edit/repair-held.ts";
import { applyPreviews, previewRepair } from "../edit/repair-held.ts";
import type { ChangeEnd } from "../failure/change-messages.ts";
import { healByHand } from "../heal/heal-by-hand.ts";
import type { Repair } from "../heal/repair.ts";
import type { Policy } from "../policy/policy.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { findCandidates } from "../redrive/find-candidates.ts";
import type { RedriveRun, RunOptions } from "../redrive/redrive-run.ts";
import { checkRun, RUN_STATE, type RunFilter } from "../redrive/run-options.ts";
import { startRedrive, startReplay } from "../redrive/start-run.ts";
import type { PinnedMessage } from "./approval.ts";
import { approvalLimits } from "./approval-limits.ts";
import { askApproval } from "./ask-approval.ts";

/** Who asks for something, and the policy that says above how many messages another person has to approve it. */
export interface Asking {
  readonly by: string;
  readonly policy: Policy;
}

/**
 * Starts a run, or asks another person where it is about more messages than one may send alone. A run that nobody approved takes no more.
 * @throws ReliqError `approval-needed` that names what waits; what `startRedrive` throws
 */
export async function startRunAsked(
  kind: RedriveRun["kind"],
  filter: RunFilter,
  wanted: Partial<RunOptions>,
  { by, policy }: Asking,
  ports: RecoverPorts,
): Promise<RedriveRun> {
  const { maxMessages } = checkRun(kind, filter, wanted);
  const limit = approvalLimits(policy).redrivesAbove;
  if (maxMessages > limit) {
    const { failures } = await findCandidates({ ...filter, state: RUN_STATE[kind] }, maxMessages, ports.store);
    const count = failures.length;
    if (count > limit || limit === 0) {
      // What fails until it is approved is none of it: the oldest are taken.
      const options = { ...wanted, maxMessages: Math.max(1, count) };
      const says = `A ${kind} of ${RUN_STATE[kind]} messages of ${filter.queue}`;
      const deed = { operation: "start-run", kind, filter, options } as const;
      throw await askApproval({ deed, by, chain: filter.queue, count, limit, says }, policy, ports);
    }
  }
  const start = kind === "redrive" ? startRedrive : startReplay;
  return start(filter, { ...wanted, maxMessages: Math.min(maxMessages, limit) }, by, ports);
}

/**
 * Heals held messages, or asks another person.
 * @throws ReliqError `approval-needed`
 */
export async function healAsked(
  ids: readonly string[],
  { by, policy }: Asking,
  ports: RecoverPorts,
): Promise<readonly ChangeEnd[]> {
  const limit = approvalLimits(policy).redrivesAbove;
  const found = ids.length > limit ? await ports.store.failures([...new Set(ids)]) : [];
  const held = found.flatMap((failure) => (failure?.state === "held" ? [failure] : []));
  if (held.length <= limit) return healByHand(ids, by, ports);
  const deed = { operation: "heal", messages: held.map(pinned) } as const;
  const asked = { deed, by, chain: chainOf(held), count: held.length, limit, says: "A heal by hand" };
  throw await askApproval(asked, policy, ports);
}

/**
 * Repairs held messages, and with `send` sends them, or asks another person. Nothing but what was counted is repaired.
 * @throws ReliqError `approval-needed`; what `applyRepair` throws
 */
export async function repairAsked(
  scope: RepairScope,
  repair: Repair,
  { by, policy }: Asking,
  ports: RecoverPorts,
  { send }: { readonly send: boolean },
): Promise<readonly RepairEnd[]> {
  const limit = editLimit(policy, send);
  const previews = await previewRepair(scope, repair, ports);
  const repaired = previews.flatMap(({ failure, outcome }) => (outcome.kind === "repaired" ? [failure] : []));
  const count = repaired.length;
  if (count > limit) {
    const says = `The repair ${repair.name}${send ? ", and a redrive" : ""}`;
    const deed = { operation: "repair", repair: repair.name, messages: repaired.map(pinned), send } as const;
    throw await askApproval({ deed, by, chain: chainOf(repaired), count, limit, says }, policy, ports);
  }
  return applyPreviews(previews, repair, by, ports, { send });
}

/**
 * Edits a held message, or asks another person.
 * @throws ReliqError `approval-needed`; what `editMessage` throws
 */
export async function editAsked(
  id: string,
  edit: MessageEdit,
  { by, policy }: Asking,
  ports: RecoverPorts,
  { masked }: { readonly masked: boolean },
): Promise<EditedMessage> {
  const send = edit.send === true;
  const limit = editLimit(policy, send);
  if (limit >= 1) return editMessage(id, edit, by, ports, { masked });
  const { before, content, diff } = await prepareEdit(id, edit, ports, { masked });
  if (diff.length === 0 && !send) return { failure: before, diff, sent: false };
  const placed = await placeBody(`${id}/asked-${ports.newId()}`, content, ports);
  const deed = { operation: "edit", message: pinned(before), content: placed, send } as const;
  const says = `An edit of ${id}${send ? ", and a retry" : ""}`;
  throw await askApproval({ deed, by, chain: before.queue, count: 1, limit, says, diff }, policy, ports);
}

/** What is changed and sent needs an approval as an edit or as a redrive does. */
function editLimit(policy: Policy, send: boolean): number {
  const { editsAbove, redrivesAbove } = approvalLimits(policy);
  return send ? Math.min(editsAbove, redrivesAbove) : editsAbove;
}

function pinned({ id, version }: PinnedMessage): PinnedMessage {
  return { id, version };
}

/** A deed on several queues is in the chain of none of them. */
function chainOf(failures: readonly { readonly queue: string }[]): string {
  const queues = new Set(failures.map(({ queue }) => queue));
  const [queue = "reliq"] = queues;
  return queues.size === 1 ? queue : "reliq";
}
