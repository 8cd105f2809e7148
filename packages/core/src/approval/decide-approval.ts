import { ReliqError } from "../errors.ts";
import type { Repair } from "../heal/repair.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import type { Approval } from "./approval.ts";
import { carryOut } from "./carry-out.ts";
import { changeApproval } from "./change-approval.ts";

/** After so long whoever approved it is taken for stopped, and another may go on: longer than a function behind an API lives, ms. */
const STOPPED_MS = 60_000;

/** What approved deeds need beside the ports. */
export interface DeedRules {
  readonly repairs: readonly Repair[];
}

/**
 * Approves what another person asked for, and does it under the name of who asked. Of two who approve at once one does; where it was stopped
 * on the way, approving it once more goes on.
 * @throws ReliqError `approval-own` for who asked; `approval-unknown`; `approval-state` where it is decided, or nobody decided in time; what
 * the deed throws that can be tried again, such as `run-exists`: it is then approved, and not done yet
 */
export async function approve(id: string, by: string, rules: DeedRules, ports: RecoverPorts): Promise<Approval> {
  const { before, changed } = await decide(id, by, { to: "approved" }, ports);
  const isStopped = before.state === "approved" && ports.now() - before.updatedAtMs >= STOPPED_MS;
  return changed || isStopped ? carryOut(changed ?? before, rules, ports) : before;
}

/**
 * Refuses what another person asked for, for a reason.
 * @throws ReliqError as `approve` does
 */
export async function refuseApproval(id: string, reason: string, by: string, ports: RecoverPorts): Promise<Approval> {
  const { before, changed } = await decide(id, by, { to: "refused", reason }, ports);
  return changed ?? before;
}

interface Decision {
  readonly to: "approved" | "refused";
  readonly reason?: string;
}

/** What was decided: changed by this call, or as it is already where the same person had decided so. */
async function decide(
  id: string,
  by: string,
  { to, reason }: Decision,
  ports: RecoverPorts,
): Promise<{ readonly before: Approval; readonly changed?: Approval }> {
  for (;;) {
    const before = await ports.store.approval(id);
    if (!before) throw new ReliqError("approval-unknown", `There is no approval ${id}.`);
    if (before.by === by) {
      throw new ReliqError("approval-own", `${by} asked for ${id} and cannot decide on it: another person has to.`);
    }
    if (before.state !== "pending") {
      const isRepeat = before.decidedBy === by && (before.state === "refused") === (to === "refused");
      const goesOn = before.state === "approved" && to === "approved";
      if (isRepeat || goesOn) return { before };
      throw decidedAlready(before);
    }
    if (before.expiresAtMs <= ports.now()) {
      await expire(before, ports);
      continue;
    }
    const details = { says: before.says, count: before.count, ...(reason !== undefined && { reason }) };
    const action = to === "approved" ? "approval-given" : "approval-refused";
    const change = { state: to, decidedBy: by, ...(reason !== undefined && { reason }) };
    const changed = await changeApproval(before, change, { by, action, details }, ports);
    if (changed) return { before, changed };
  }
}

/** Ends what nobody decided in time, or could be begun in time. */
async function expire(before: Approval, ports: Pick<RecoverPorts, "now" | "store">): Promise<void> {
  const audit = { by: "reliq", action: "approval-expired", details: { says: before.says } };
  await changeApproval(before, { state: "expired" }, audit, ports);
}

/** Carries out what was approved and left undone, and ends what is past its time: for the schedule. */
export async function sweepApprovals(rules: DeedRules, ports: RecoverPorts): Promise<void> {
  for (const state of ["pending", "approved"] as const) {
    const { approvals } = await ports.store.listApprovals({ state });
    for (const approval of approvals) {
      if (approval.expiresAtMs <= ports.now()) await expire(approval, ports);
      else if (state === "approved" && ports.now() - approval.updatedAtMs >= STOPPED_MS) {
        await carryOut(approval, rules, ports).catch((error: unknown) => {
          // A queue has one run at a time: it is begun once that has ended.
          if (!(error instanceof ReliqError)) throw error;
        });
      }
    }
  }
}

function decidedAlready({ id, state, decidedBy, reason }: Approval): ReliqError {
  const who = decidedBy === undefined ? "" : ` by ${decidedBy}`;
  const why = reason === undefined ? "" : `: ${reason}`;
  return new ReliqError("approval-state", `The approval ${id} is ${state}${who}${why}.`);
}
