export { sumCounts } from "../account/account.ts";
export { accountWithStore, type RecoveredAccount, whatIsWrong } from "../account/account-with-store.ts";
export { type CountedQueues, checkAccount } from "../account/check-account.ts";
export {
  type Ledger,
  type LedgerAccount,
  type LedgerMessage,
  ledgerAccount,
  type WaitingGroups,
} from "../account/ledger.ts";
export {
  APPROXIMATE,
  balanceMeters,
  type MeteredBalance,
  type MeteredPeriod,
  type Meters,
  SETTLED_MS,
  whatMetersMiss,
} from "../account/metered.ts";
export { type EndedMessage, type NamedMessages, nameMessages } from "../account/name-messages.ts";
export type { Alert, AlertState } from "../alert/alert-state.ts";
export { announce } from "../alert/announce.ts";
export { type Announcement, nextAnnouncement } from "../alert/next-announcement.ts";
export type { ApiAnswers, AuditCheck, FailureDetail, GroupDetail, ImportedLetter, RunDetail } from "../api/answers.ts";
export {
  CONFIG_META,
  type ConsoleConfig,
  type ConsoleSignIn,
  configuredPage,
  contentPolicy,
} from "../api/console-config.ts";
export { type FoundOperation, findOperation } from "../api/find-operation.ts";
export { OPERATIONS, type Operation, type OperationName, ROLES, type Role, SEES_PERSONAL } from "../api/operations.ts";
export { readInput } from "../api/read-input.ts";
export type {
  CountedFamily,
  CountedRegion,
  DeployedSystem,
  FlowEdge,
  FlowNode,
  MetricAnswer,
  MetricRequest,
  MetricSeries,
  RegionFlow,
  ShownAlarm,
  ShownDashboard,
  ShownSpan,
  ShownTrace,
  TraceRequest,
} from "../api/region-contract.ts";
export { type OperationRequest, requestOf } from "../api/request-of.ts";
export type { ApiRequests } from "../api/requests.ts";
export { type Approval, type ApprovalState, type Deed, isOver, shownApproval } from "../approval/approval.ts";
export { approve, refuseApproval } from "../approval/decide-approval.ts";
export { type Asking, editAsked, healAsked, repairAsked, startRunAsked } from "../approval/needs-approval.ts";
export type { ArchivedMessage } from "../archive/archived-message.ts";
export { AUDIT_ACTIONS, auditReference } from "../audit/audit-actions.ts";
export type { AuditEntry, AuditHead, AuditRecord } from "../audit/audit-entry.ts";
export { auditOrder, type OrderAudit, type OutOfOrder } from "../audit/audit-order.ts";
export { type ChainCheck, type Sha256, sealEntry, verifyChain } from "../audit/chain.ts";
export { verifyAudit } from "../audit/verify-audit.ts";
export type { Captured, DeadLetter } from "../capture/dead-letter.ts";
export { applyDecision, type RecoveryRules, tryRepairs } from "../capture/decide-letter.ts";
export { placeBody } from "../capture/place-content.ts";
export { type EditedMessage, editMessage, type MessageEdit } from "../edit/edit-message.ts";
export {
  applyRepair,
  previewRepair,
  type RepairEnd,
  type RepairPreview,
  type RepairScope,
} from "../edit/repair-held.ts";
export { acknowledgeGroup, armHealing, ignoreGroup, resolveGroup } from "../failure/change-group.ts";
export type { ChangeEnd } from "../failure/change-messages.ts";
export { checkChange } from "../failure/check-change.ts";
export { addCount, changeLifeCycle, hourOf } from "../failure/count-group.ts";
export { diffContent } from "../failure/diff-content.ts";
export { discard } from "../failure/discard.ts";
export { forgottenAtMs, KEPT_MS } from "../failure/expiry.ts";
export {
  type ArchivePlace,
  type AttemptSummary,
  type ContentChange,
  type FailedMessage,
  type FailureState,
  failureId,
  type MessageContent,
  readFailureId,
} from "../failure/failed-message.ts";
export type {
  FailureFilter,
  FailureListOptions,
  FailurePage,
  FailureSummary,
  GroupFilter,
  GroupPage,
} from "../failure/failure-filter.ts";
export {
  type FailureGroup,
  type GroupCount,
  type GroupState,
  groupId,
  type HourCount,
} from "../failure/failure-group.ts";
export { failureSummary } from "../failure/failure-summary.ts";
export { groupAfterDeath, type IgnoredUntil } from "../failure/group-life.ts";
export { hold } from "../failure/hold.ts";
export { logsLink } from "../failure/logs-link.ts";
export {
  contentsOf,
  maskAttempt,
  maskContent,
  maskDiff,
  maskFailure,
  maskingFor,
  maskingOf,
  maskSummary,
} from "../failure/mask-failure.ts";
export { matchesFilter } from "../failure/matches-filter.ts";
export { personalNamesIn } from "../failure/personal-names-in.ts";
export type { QueueSchema } from "../failure/queue-schema.ts";
export { addedTotals, noTotals, type QuarantineTotals, type QueueTotals, sumTotals } from "../failure/queue-totals.ts";
export { FAILURE_TABLE, type FailureTableIndex } from "../failure/table-shape.ts";
export { healByHand } from "../heal/heal-by-hand.ts";
export { observe } from "../heal/observe.ts";
export { type Repair, type RepairOutcome, tryRepair } from "../heal/repair.ts";
export { type SendAgain, type SentAgain, sendAgain, sendOnce } from "../heal/send-again.ts";
export { sendDue } from "../heal/send-due.ts";
export { wholeBody } from "../heal/whole-body.ts";
export { type AppEvents, EVENT_CODES, type EventCode, eventReference } from "../log/event-codes.ts";
export { type MergedWakeUp, mergeWakeUps } from "../merge-wake-ups.ts";
export { countAside, type GroupMark, type Placed } from "../model/group-mark.ts";
export type { Backtest, BacktestEnd, BacktestSample } from "../policy/backtest.ts";
export { checkPolicy, type PolicyProblem, pathText, policyProblems } from "../policy/check-policy.ts";
export {
  type Decision,
  type DecisionFacts,
  type Explanation,
  explainDecision,
  POLICY_DEFAULTS,
  type RuleTrace,
} from "../policy/decide.ts";
export { explainFailure, type FailureExplanation } from "../policy/explain-failure.ts";
export type {
  Bounds,
  HealBackoff,
  Policy,
  PolicyAction,
  PolicyCondition,
  PolicyRule,
} from "../policy/policy.ts";
export { type BacktestReport, type BacktestScope, runBacktest } from "../policy/run-backtest.ts";
export {
  describeQuarantine,
  holdGroupOf,
  type QuarantineDetail,
  quarantineId,
  skipFront,
} from "../quarantine/force-group.ts";
export type { ReleaseRules } from "../quarantine/pass-resolved.ts";
export type { GroupName, Quarantine, QuarantineChange } from "../quarantine/quarantine.ts";
export { releaseGroup } from "../quarantine/release-group.ts";
export type { SetAsideMessage } from "../quarantine/set-aside-message.ts";
export { recover } from "../recover.ts";
export type {
  AlertChannel,
  Archive,
  FailureStore,
  RecoverPorts,
  ReleasedMessage,
  Resend,
  ResentMessage,
  StoreChange,
  Transition,
  WakeUp,
  WakeUps,
} from "../recover-ports.ts";
export { type MaskedBody, type Masking, maskBody } from "../redact/mask-body.ts";
export { redactText } from "../redact/redact-text.ts";
export { advanceRun } from "../redrive/advance-run.ts";
export { cancelRun, pauseRun, resumeRun } from "../redrive/control-run.ts";
export { type PlannedMessage, planRedrive, planReplay, type RunPlan } from "../redrive/plan-run.ts";
export type { QueueRun, RedriveRun, RunEntry, RunOptions, RunState, Verdict } from "../redrive/redrive-run.ts";
export { RUN_DEFAULTS, type RunFilter } from "../redrive/run-options.ts";
export { startRedrive, startReplay } from "../redrive/start-run.ts";
export { recoveryNode } from "../trace/recovery-node.ts";
export { readSpans, type Span, spanMessages, spanQueues } from "../trace/span.ts";
export { type TracedAttempt, type TraceNode, traceTree } from "../trace/trace-tree.ts";
export { type RecoveryRulesOfQueues, sweep, wake } from "../wake.ts";
