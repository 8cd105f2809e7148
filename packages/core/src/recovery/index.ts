export type { Alert, AlertState } from "../alert/alert-state.ts";
export type { ArchivedMessage } from "../archive/archived-message.ts";
export type { AuditEntry, AuditRecord } from "../audit/audit-entry.ts";
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
export { groupAfterDeath, type IgnoredUntil } from "../failure/group-life.ts";
export type {
  Bounds,
  HealBackoff,
  Policy,
  PolicyAction,
  PolicyCondition,
  PolicyRule,
} from "../policy/policy.ts";
export type {
  AlertChannel,
  Archive,
  FailureStore,
  QueueTotals,
  RecoverPorts,
  Resend,
  ResentMessage,
  StoreChange,
  Transition,
  WakeUp,
  WakeUps,
} from "../recover-ports.ts";
export type { QueueRun, RedriveRun, RunEntry, RunOptions, RunState, Verdict } from "../redrive/redrive-run.ts";
