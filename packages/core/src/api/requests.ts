import type { ApprovalState } from "../approval/approval.ts";
import type { FailureFilter } from "../failure/failure-filter.ts";
import type { GroupState } from "../failure/failure-group.ts";
import type { MessageAttribute, ReceivedMessage } from "../message/received-message.ts";
import type { PageOptions } from "../ports.ts";
import type { RunOptions } from "../redrive/redrive-run.ts";
import type { RunFilter } from "../redrive/run-options.ts";

interface OfFailures {
  readonly failures: readonly string[];
}

interface OfGroup {
  readonly group: string;
}

interface OfQuarantine {
  readonly quarantine: string;
}

interface OfRun {
  readonly run: string;
}

interface OfApproval {
  readonly approval: string;
}

interface OfNewRun {
  readonly filter: RunFilter;
  readonly options?: Partial<RunOptions>;
}

/** One of `group`, `failures` and `filter`. */
interface OfRepair {
  readonly repair: string;
  readonly group?: string;
  readonly failures?: readonly string[];
  readonly filter?: Omit<FailureFilter, "state">;
}

/** What each operation takes, by its name: its path's variables and its fields. */
export interface ApiRequests {
  readonly "list-failures": FailureFilter & PageOptions & { readonly whole?: boolean };
  readonly "get-failure": { readonly failure: string; readonly whole?: boolean };
  readonly "heal-failures": OfFailures;
  readonly "hold-failures": OfFailures;
  readonly "discard-failures": OfFailures & { readonly reason: string };
  readonly "edit-failure": {
    readonly failure: string;
    readonly body?: string;
    readonly attributes?: Readonly<Record<string, MessageAttribute>>;
    readonly version?: number;
    readonly send?: boolean;
  };
  readonly "import-failures": {
    readonly queue: string;
    readonly messages: Readonly<Record<string, Omit<ReceivedMessage, "queue" | "receiptHandle">>>;
  };
  readonly "list-groups": PageOptions & { readonly queue?: string; readonly state?: GroupState };
  readonly "get-group": OfGroup & { readonly fromMs?: number; readonly toMs?: number };
  readonly "acknowledge-group": OfGroup;
  readonly "resolve-group": OfGroup & { readonly version?: string };
  readonly "ignore-group": OfGroup & { readonly untilMs?: number; readonly deaths?: number };
  readonly "arm-group": OfGroup;
  readonly "list-quarantines": { readonly queue: string };
  readonly "get-quarantine": OfQuarantine;
  readonly "release-quarantine": OfQuarantine;
  readonly "skip-quarantine": OfQuarantine & { readonly reason: string };
  readonly "start-quarantine": { readonly failure: string };
  readonly "get-policy": object;
  readonly "check-policy": { readonly policy: object };
  readonly "explain-policy": { readonly failure: string; readonly policy?: object };
  readonly "backtest-policy": FailureFilter & { readonly policy: object; readonly limit?: number };
  readonly "preview-repair": OfRepair;
  readonly "apply-repair": OfRepair & { readonly send?: boolean };
  readonly "plan-redrive": OfNewRun;
  readonly "start-redrive": OfNewRun;
  readonly "plan-replay": OfNewRun;
  readonly "start-replay": OfNewRun;
  readonly "list-runs": PageOptions;
  readonly "get-run": OfRun & { readonly from?: number };
  readonly "pause-run": OfRun;
  readonly "resume-run": OfRun;
  readonly "cancel-run": OfRun;
  readonly "list-approvals": PageOptions & { readonly state?: ApprovalState };
  readonly "get-approval": OfApproval;
  readonly "approve-approval": OfApproval;
  readonly "refuse-approval": OfApproval & { readonly reason: string };
  readonly "get-caller": object;
  readonly "get-totals": object;
  readonly "get-ledger": { readonly queue: string; readonly fromMs?: number; readonly toMs?: number };
  readonly "list-audit": { readonly chain: string; readonly from?: number };
  readonly "audit-order": { readonly queue: string };
  readonly "list-chains": object;
  readonly "verify-audit": { readonly chain?: string };
}
