import { canonicalJson } from "../audit/canonical-json.ts";
import { editMessage } from "../edit/edit-message.ts";
import { applyPreviews, previewRepair, type RepairPreview } from "../edit/repair-held.ts";
import { sendHeld, sendToQueues } from "../edit/send-held.ts";
import { ReliqError } from "../errors.ts";
import type { ChangeEnd } from "../failure/change-messages.ts";
import type { FailedMessage, MessageContent } from "../failure/failed-message.ts";
import type { Repair } from "../heal/repair.ts";
import { wholeBody } from "../heal/whole-body.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { runNamed } from "../redrive/start-run.ts";
import type { Approval, Deed } from "./approval.ts";
import { changeApproval } from "./change-approval.ts";
import type { DeedRules } from "./decide-approval.ts";

type Outcome = Pick<Approval, "outcome" | "run" | "state">;
type Of<Operation extends Deed["operation"]> = Extract<Deed, { operation: Operation }>;

/**
 * Does what was approved, under the name of who asked for it, and writes down what came of it. Done twice, or by two at once, it happens once:
 * a run has the approval's id, and a message is only touched as it was when it was asked for.
 * @throws what can be tried again
 */
export async function carryOut(approval: Approval, rules: DeedRules, ports: RecoverPorts): Promise<Approval> {
  const end = await endOf(approval, rules, ports);
  const action = end.state === "done" ? "approval-done" : "approval-failed";
  const details = { says: approval.says, outcome: end.outcome, approvedBy: approval.decidedBy };
  const changed = await changeApproval(approval, end, { by: approval.by, action, details }, ports);
  return changed ?? (await ports.store.approval(approval.id)) ?? approval;
}

async function endOf(approval: Approval, rules: DeedRules, ports: RecoverPorts): Promise<Outcome> {
  try {
    return { state: "done", ...(await done(approval, rules, ports)) };
  } catch (error) {
    if (!(error instanceof ReliqError) || !isFinal(error)) throw error;
    return { state: "failed", outcome: error.message };
  }
}

/** A message that has changed since is not what was approved; a queue's run ends, and the next one begins. */
function isFinal({ code, retryable }: ReliqError): boolean {
  return code === "failure-changed" || (!retryable && code !== "run-exists");
}

async function done(
  { id, by, deed }: Approval,
  { repairs }: DeedRules,
  ports: RecoverPorts,
): Promise<Omit<Outcome, "state">> {
  switch (deed.operation) {
    case "start-run": {
      const run = await runNamed(id, deed.kind, deed.filter, deed.options, by, ports);
      return { run: run.id, outcome: `The ${deed.kind} ${run.id} is started.` };
    }
    case "heal":
      return { outcome: describe(await heal(deed, by, ports), "sent") };
    case "repair": {
      const repair = repairs.find(({ name }) => name === deed.repair);
      if (!repair)
        throw new ReliqError("repair-unknown", `There is no repair ${JSON.stringify(deed.repair)} any more.`);
      const previews = await pinnedPreviews(deed, repair, ports);
      return { outcome: describe(await applyPreviews(previews, repair, by, ports, deed), "repaired") };
    }
    case "edit":
      return { outcome: await edit(deed, by, ports) };
  }
}

async function heal({ messages }: Of<"heal">, by: string, ports: RecoverPorts): Promise<readonly ChangeEnd[]> {
  const found = await ports.store.failures(messages.map(({ id }) => id));
  const same = found.flatMap((failure, index) =>
    failure?.state === "held" && failure.version === messages[index]?.version ? [failure] : [],
  );
  const ends = await sendToQueues(same, { via: "heal", by }, ports);
  const because = "it has changed since it was asked for";
  return messages.map(({ id }) => ends.get(id) ?? { id, kind: "refused", because });
}

/** What the repair makes of the messages as they were when it was asked for, and nothing of the others. */
async function pinnedPreviews(
  { messages }: Of<"repair">,
  repair: Repair,
  ports: RecoverPorts,
): Promise<readonly RepairPreview[]> {
  const versions = new Map(messages.map(({ id, version }) => [id, version]));
  const previews = await previewRepair({ failures: [...versions.keys()] }, repair, ports);
  return previews.map(({ failure, outcome }): RepairPreview => {
    if (versions.get(failure.id) === failure.version) return { failure, outcome };
    return { failure, outcome: { kind: "not-applicable", because: "it has changed since it was looked at" } };
  });
}

async function edit({ message, content, send }: Of<"edit">, by: string, ports: RecoverPorts): Promise<string> {
  if (!content) throw new ReliqError("approval-content", "What was to be written is not kept any more.");
  const { id, version } = message;
  const wanted = { body: await wholeBody(content, ports), attributes: content.attributes };
  const [record] = await ports.store.failures([id]);
  if (record && record.version > version && (await holds(record, wanted, ports))) {
    // Whoever approved it was stopped after the edit: where nothing followed it, it is not sent yet.
    if (send && record.version === version + 1) await sendHeld([record], { via: "edit", by }, ports);
    return "The message is changed.";
  }
  const { sent, notSentBecause } = await editMessage(id, { ...wanted, version, send }, by, ports);
  const rest = notSentBecause === undefined ? "" : `, and not sent: ${notSentBecause}`;
  return `The message is changed${sent ? " and sent" : rest}.`;
}

async function holds(
  record: FailedMessage,
  { body, attributes }: Pick<MessageContent, "attributes" | "body">,
  ports: RecoverPorts,
): Promise<boolean> {
  const isSame = canonicalJson(record.attributes) === canonicalJson(attributes);
  return isSame && (await wholeBody(record, ports)) === body;
}

function describe(ends: readonly ChangeEnd[], done: string): string {
  const refused = ends.flatMap((end) => (end.kind === "refused" ? [end.because] : []));
  const why = [...new Set(refused)].slice(0, 3).join("; ");
  const rest = refused.length === 0 ? "" : `, ${refused.length} left alone: ${why}`;
  return `${ends.length - refused.length} messages are ${done}${rest}.`;
}
