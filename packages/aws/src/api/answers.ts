import { hash } from "node:crypto";
import {
  type ApiAnswers,
  type ApiRequests,
  type Asking,
  acknowledgeGroup,
  approve,
  armHealing,
  auditOrder,
  cancelRun,
  checkPolicy,
  describeQuarantine,
  discard,
  explainFailure,
  healAsked,
  hold,
  holdGroupOf,
  ignoreGroup,
  type OperationName,
  pauseRun,
  planRedrive,
  planReplay,
  policyProblems,
  previewRepair,
  type Role,
  refuseApproval,
  repairAsked,
  resolveGroup,
  resumeRun,
  runBacktest,
  shownApproval,
  skipFront,
  startRunAsked,
  verifyAudit,
} from "@reliq/core/recovery";
import type { RecoveryOptions } from "../recovery/recovery-handler.ts";
import { editFailure, getFailure, importFailures, listFailures } from "./answer-failures.ts";
import {
  found,
  getGroup,
  getLedger,
  page,
  releaseQuarantine,
  repairNamed,
  repairScope,
  seen,
  seenGroup,
} from "./answer-lookups.ts";

/** What an operation is carried out with: recovery, and who asks. */
export interface ApiCall {
  readonly options: RecoveryOptions;
  readonly by: string;
  readonly role: Role;
  /** Whether the values of personal fields are masked: the caller's role may not see them. */
  readonly masked: boolean;
}

/** Carries out one operation. */
export type Answerer<Name extends OperationName> = (
  input: ApiRequests[Name],
  call: ApiCall,
) => Promise<ApiAnswers[Name]>;

/** How each operation of the contract is carried out. */
export const ANSWERS: { readonly [Name in OperationName]: Answerer<Name> } = {
  "list-failures": listFailures,
  "get-failure": getFailure,
  "heal-failures": async ({ failures }, call) => ({
    ends: await healAsked(failures, asking(call), call.options.ports),
  }),
  "hold-failures": async ({ failures }, { by, options }) => ({ ends: await hold(failures, by, options.ports) }),
  "discard-failures": async ({ failures, reason }, { by, options }) => ({
    ends: await discard(failures, reason, by, options.ports),
  }),
  "edit-failure": editFailure,
  "import-failures": importFailures,
  "list-groups": async ({ limit, after, ...filter }, call) => {
    const listed = await call.options.ports.store.listGroups({ filter, ...page({ limit, after }) });
    return { ...listed, groups: listed.groups.map((group) => seenGroup(group, call)) };
  },
  "get-group": getGroup,
  "acknowledge-group": ({ group }, { by, options }) => acknowledgeGroup(group, by, options.ports),
  "resolve-group": ({ group, version }, { by, options }) => resolveGroup(group, by, options.ports, version),
  "ignore-group": ({ group, untilMs, deaths }, { by, options }) => {
    const until = { ...(untilMs !== undefined && { atMs: untilMs }), ...(deaths !== undefined && { deaths }) };
    return ignoreGroup(group, until, by, options.ports);
  },
  "arm-group": ({ group }, { by, options }) => armHealing(group, by, options.ports),
  "list-quarantines": async ({ queue }, { options }) => ({ quarantines: await options.ports.quarantine.open(queue) }),
  "get-quarantine": ({ quarantine }, call) => seen(describeQuarantine(quarantine, call.options.ports), call),
  "release-quarantine": (input, call) => seen(releaseQuarantine(input, call), call),
  "skip-quarantine": ({ quarantine, reason }, call) =>
    seen(skipFront(quarantine, reason, call.by, call.options.ports), call),
  "start-quarantine": ({ failure }, call) => seen(holdGroupOf(failure, call.by, call.options.ports), call),
  "get-policy": async (_, { options }) => ({
    policy: options.policy,
    repairs: options.repairs.map(({ name }) => name),
  }),
  "check-policy": async ({ policy }) => ({ problems: policyProblems(policy) }),
  "explain-policy": ({ failure, policy }, { options }) => {
    const rules = policy ? { ...options, policy: checkPolicy(policy) } : options;
    return explainFailure(rules, failure, options.ports);
  },
  "backtest-policy": ({ policy, limit, ...filter }, { options }) => {
    const scope = { filter, ...(limit !== undefined && { limit }) };
    return runBacktest(checkPolicy(policy), options.repairs, scope, options.ports);
  },
  "preview-repair": async ({ repair, ...scope }, { options }) => {
    const previews = await previewRepair(repairScope(scope), repairNamed(repair, options), options.ports);
    const messages = previews.map(({ failure, outcome }) => ({
      failure: failure.id,
      ...(outcome.kind === "repaired" ? { diff: outcome.diff } : { because: outcome.because }),
    }));
    return { messages };
  },
  "apply-repair": async ({ repair, send = false, ...scope }, call) => {
    const { options } = call;
    const named = repairNamed(repair, options);
    return { ends: await repairAsked(repairScope(scope), named, asking(call), options.ports, { send }) };
  },
  "plan-redrive": ({ filter, options: wanted = {} }, { options }) => planRedrive(filter, wanted, options.ports),
  "start-redrive": ({ filter, options = {} }, call) =>
    startRunAsked("redrive", filter, options, asking(call), call.options.ports),
  "plan-replay": ({ filter, options: wanted = {} }, { options }) => planReplay(filter, wanted, options.ports),
  "start-replay": ({ filter, options = {} }, call) =>
    startRunAsked("replay", filter, options, asking(call), call.options.ports),
  "list-runs": (input, { options }) => options.ports.store.listRuns(page(input)),
  "get-run": async ({ run, from = 0 }, { options: { ports } }) => ({
    run: found("run", run, await ports.store.run(run)),
    entries: await ports.store.entries(run, from),
  }),
  "pause-run": ({ run }, { by, options }) => pauseRun(run, by, options.ports),
  "resume-run": ({ run }, { by, options }) => resumeRun(run, by, options.ports),
  "cancel-run": ({ run }, { by, options }) => cancelRun(run, by, options.ports),
  "list-approvals": async ({ state, ...input }, { options: { ports } }) => {
    const listed = await ports.store.listApprovals({ ...page(input), state });
    return { ...listed, approvals: listed.approvals.map(shownApproval) };
  },
  "get-approval": async ({ approval }, { options: { ports } }) =>
    shownApproval(found("approval", approval, await ports.store.approval(approval))),
  "approve-approval": async ({ approval }, { by, options }) =>
    shownApproval(await approve(approval, by, options, options.ports)),
  "refuse-approval": ({ approval, reason }, { by, options }) => refuseApproval(approval, reason, by, options.ports),
  "get-caller": async (_, { by, role }) => ({ by, role }),
  "get-totals": async (_, { options }) => ({ totals: await options.ports.store.totals() }),
  "get-ledger": getLedger,
  "list-audit": async ({ chain, from = 1 }, { options: { ports } }) => {
    const [entries, head] = await Promise.all([ports.store.audit(chain, from), ports.store.auditHead(chain)]);
    return { entries, ...(head && { head }) };
  },
  "audit-order": ({ queue }, { options }) => auditOrder(queue, options.ports),
  "list-chains": async (_, { options: { ports } }) => {
    const heads = await Promise.all((await ports.store.chains()).map((chain) => ports.store.auditHead(chain)));
    return { chains: heads.flatMap((head) => head ?? []) };
  },
  "verify-audit": async ({ chain }, { options: { ports } }) => {
    const chains = chain === undefined ? await ports.store.chains() : [chain];
    const checks = await Promise.all(chains.map((each) => verifyAudit(ports.store, each, sha256)));
    return { checks: checks.map((check, index) => ({ ...check, chain: chains[index] ?? "" })) };
  },
};

function asking({ by, options: { policy } }: ApiCall): Asking {
  return { by, policy };
}

function sha256(text: string): string {
  return hash("sha256", text);
}
