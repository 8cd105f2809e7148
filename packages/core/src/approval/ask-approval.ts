import { canonicalJson } from "../audit/canonical-json.ts";
import { ReliqError } from "../errors.ts";
import type { Policy } from "../policy/policy.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import type { Approval } from "./approval.ts";
import { approvalLimits } from "./approval-limits.ts";

/** How many of the newest that are pending are looked at for the same. */
const MOST_LOOKED_AT = 100;

/** What another person is asked for. */
export type AskedApproval = Pick<Approval, "by" | "chain" | "count" | "deed" | "diff" | "limit" | "says">;

/** Asks another person: the same asked again is one. Gives the error that tells the caller so: `approval-needed`. */
export async function askApproval(
  asked: AskedApproval,
  policy: Policy,
  ports: Pick<RecoverPorts, "newId" | "now" | "store">,
): Promise<ReliqError> {
  const { store, newId, now } = ports;
  const { approvals } = await store.listApprovals({ state: "pending", limit: MOST_LOOKED_AT });
  const same = approvals.find((each) => each.expiresAtMs > now() && isSame(each, asked));
  if (same) return approvalNeeded(same);
  const nowMs = now();
  const approval: Approval = {
    ...asked,
    id: newId(),
    state: "pending",
    version: 1,
    askedAtMs: nowMs,
    updatedAtMs: nowMs,
    expiresAtMs: nowMs + approvalLimits(policy).withinSeconds * 1_000,
  };
  const { id, by, chain, count, limit, says } = approval;
  await store.commit({
    approvals: [{ before: undefined, after: approval }],
    audit: { chain, atMs: nowMs, by, action: "approval-asked", subjects: [id], details: { says, count, limit } },
  });
  return approvalNeeded(approval);
}

function isSame(pending: Approval, { by, deed }: AskedApproval): boolean {
  return pending.by === by && canonicalJson(pending.deed) === canonicalJson(deed);
}

function approvalNeeded({ id, count, limit, says }: Approval): ReliqError {
  const why = `${count} ${count === 1 ? "message" : "messages"}, and above ${limit} another person has to approve it`;
  return new ReliqError("approval-needed", `${says}: ${why}. It waits as ${id}.`, { cause: { approval: id } });
}
