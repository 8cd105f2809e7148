import type { LedgerAccount } from "../account/ledger.ts";
import type { Approval } from "../approval/approval.ts";
import type { AuditEntry, AuditHead } from "../audit/audit-entry.ts";
import type { OrderAudit } from "../audit/audit-order.ts";
import type { ChainCheck } from "../audit/chain.ts";
import type { EditedMessage } from "../edit/edit-message.ts";
import type { RepairEnd } from "../edit/repair-held.ts";
import type { ChangeEnd } from "../failure/change-messages.ts";
import type { FailedMessage } from "../failure/failed-message.ts";
import type { FailurePage, GroupPage } from "../failure/failure-filter.ts";
import type { FailureGroup, HourCount } from "../failure/failure-group.ts";
import type { QueueTotals } from "../failure/queue-totals.ts";
import type { JournalEntry } from "../journal/journal-entry.ts";
import type { GroupMark } from "../model/group-mark.ts";
import type { PolicyProblem } from "../policy/check-policy.ts";
import type { FailureExplanation } from "../policy/explain-failure.ts";
import type { Policy } from "../policy/policy.ts";
import type { BacktestReport } from "../policy/run-backtest.ts";
import type { QuarantineDetail } from "../quarantine/force-group.ts";
import type { RunPlan } from "../redrive/plan-run.ts";
import type { RedriveRun, RunEntry } from "../redrive/redrive-run.ts";
import type { OperationName, Role } from "./operations.ts";

/** A failed message, whole: its record, its body as text, and its attempts. */
export interface FailureDetail {
  readonly failure: FailedMessage;
  /** As it came, wherever it is kept; never run or rendered by anyone. */
  readonly body: string;
  /** Whether only the body's beginning is here. */
  readonly bodyCut: boolean;
  /** Fields with personal data whose values are masked here: the caller's role may not see them. */
  readonly masked?: readonly string[];
  /** From the journal, with stacks; of its last death. On AWS each links to its log. */
  readonly attempts: readonly (JournalEntry & { readonly logs?: string })[];
}

/** A failure group and when its messages died. */
export interface GroupDetail {
  readonly group: FailureGroup;
  readonly hours: readonly HourCount[];
}

/** A run and a part of its plan. */
export interface RunDetail {
  readonly run: RedriveRun;
  readonly entries: readonly RunEntry[];
}

/** Whether a chain of the audit is as it was written. */
export type AuditCheck = ChainCheck & { readonly chain: string };

/** How one imported dead letter ended: `again` is not stored, and must not be deleted. */
export interface ImportedLetter {
  readonly messageId: string;
  readonly stored: boolean;
  readonly because: string;
}

interface Ends {
  readonly ends: readonly ChangeEnd[];
}

/** What each operation answers, by its name. */
export interface ApiAnswers extends Record<OperationName, unknown> {
  readonly "list-failures": FailurePage;
  readonly "get-failure": FailureDetail;
  readonly "heal-failures": Ends;
  readonly "hold-failures": Ends;
  readonly "discard-failures": Ends;
  readonly "edit-failure": EditedMessage;
  readonly "import-failures": { readonly letters: readonly ImportedLetter[] };
  readonly "list-groups": GroupPage;
  readonly "get-group": GroupDetail;
  readonly "acknowledge-group": FailureGroup;
  readonly "resolve-group": FailureGroup;
  readonly "ignore-group": FailureGroup;
  readonly "arm-group": FailureGroup;
  readonly "list-quarantines": { readonly quarantines: readonly GroupMark[] };
  readonly "get-quarantine": QuarantineDetail;
  readonly "release-quarantine": QuarantineDetail;
  readonly "skip-quarantine": QuarantineDetail;
  readonly "start-quarantine": QuarantineDetail;
  readonly "get-policy": { readonly policy: Policy; readonly repairs: readonly string[] };
  readonly "check-policy": { readonly problems: readonly PolicyProblem[] };
  readonly "explain-policy": FailureExplanation;
  readonly "backtest-policy": BacktestReport;
  readonly "preview-repair": {
    readonly messages: readonly {
      readonly failure: string;
      readonly diff?: readonly string[];
      readonly because?: string;
    }[];
  };
  readonly "apply-repair": { readonly ends: readonly RepairEnd[] };
  readonly "plan-redrive": RunPlan;
  readonly "start-redrive": RedriveRun;
  readonly "plan-replay": RunPlan;
  readonly "start-replay": RedriveRun;
  readonly "list-runs": { readonly runs: readonly RedriveRun[]; readonly next?: string };
  readonly "get-run": RunDetail;
  readonly "pause-run": RedriveRun;
  readonly "resume-run": RedriveRun;
  readonly "cancel-run": RedriveRun;
  readonly "list-approvals": { readonly approvals: readonly Approval[]; readonly next?: string };
  readonly "get-approval": Approval;
  readonly "approve-approval": Approval;
  readonly "refuse-approval": Approval;
  readonly "get-caller": { readonly by: string; readonly role: Role };
  readonly "get-totals": { readonly totals: readonly QueueTotals[] };
  readonly "get-ledger": LedgerAccount;
  readonly "list-audit": { readonly entries: readonly AuditEntry[]; readonly head?: AuditHead };
  readonly "audit-order": OrderAudit;
  readonly "list-chains": { readonly chains: readonly AuditHead[] };
  readonly "verify-audit": { readonly checks: readonly AuditCheck[] };
}
