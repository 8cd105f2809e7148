import type { AuditRecord } from "../audit/audit-entry.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { type Approval, isOver, shownApproval } from "./approval.ts";

/** Commits a change of an approval with its audit entry; undefined where somebody else changed it first. What is over keeps no content. */
export async function changeApproval(
  before: Approval,
  change: Partial<Approval>,
  audit: Pick<AuditRecord, "action" | "by" | "details">,
  { store, now }: Pick<RecoverPorts, "now" | "store">,
): Promise<Approval | undefined> {
  const changed = { ...before, ...change, version: before.version + 1, updatedAtMs: now() };
  const after = isOver(changed) ? shownApproval(changed) : changed;
  const answer = await store.commit({
    approvals: [{ before, after }],
    audit: { ...audit, chain: before.chain, atMs: now(), subjects: [before.id] },
  });
  return answer === "committed" ? after : undefined;
}
