export { type Account, account, type QueueCounts, sumCounts } from "./account/account.ts";
export { type GroupOrder, groupOrder } from "./attempt/group-order.ts";
export { type InTurn, inTurn } from "./attempt/in-turn.ts";
export { type TransactionalEffects, transactionalEffects } from "./attempt/transactional-effects.ts";
export { checkOptions, type OptionChecks } from "./check-options.ts";
export { chunks } from "./chunks.ts";
export type { FailureCategory, Severity } from "./classify/category.ts";
export {
  type CauseFound,
  type CauseOfDeath,
  causeOfDeath,
  type Death,
  type FunctionReport,
} from "./classify/cause-of-death.ts";
export { categoryOf } from "./classify/classify.ts";
export type { FailureReason, GroupedReason } from "./classify/failure-reason.ts";
export { fingerprint } from "./classify/fingerprint.ts";
export { consume, type Delivery } from "./consume.ts";
export {
  type Consumer,
  type ConsumerOptions,
  consumer,
  type HandlerContext,
  type HandlerLine,
  type IdempotencyOptions,
  type TransactionalEffect,
} from "./consumer.ts";
export {
  AuthFailure,
  BadPayloadFailure,
  Deferral,
  DependencyFailure,
  Failure,
  isDeferral,
  PermanentFailure,
  ReliqError,
  ThrottledFailure,
  TimeoutFailure,
  ValidationFailure,
} from "./errors.ts";
export { resentKey } from "./idempotency/resent-key.ts";
export { type DeadLetters, deadLetters, type SendDeadLetter } from "./journal/dead-letters.ts";
export type { JournalEntry } from "./journal/journal-entry.ts";
export { readEntry } from "./journal/read-entry.ts";
export type { Settled, Settlement } from "./journal/settlement.ts";
export { type AboutMessage, aboutMessage } from "./log/about-message.ts";
export type { BodyEnvelope, Opened } from "./message/body-envelope.ts";
export { type Decryption, decrypted, type EncryptedFields } from "./message/decrypted.ts";
export {
  ENVELOPE_ATTRIBUTE,
  type Envelope,
  envelopeAttribute,
  lineageOf,
  readEnvelope,
  type S3Pointer,
} from "./message/envelope.ts";
export { eventBridgeEvent } from "./message/event-bridge-event.ts";
export { type Bodies, type LargeBodies, largeBodies } from "./message/large-bodies.ts";
export { type DeferralCause, isOver, type Outcome } from "./message/outcome.ts";
export { LARGEST_BATCH_BYTES, messageBytes, type OutgoingMessage, packBatches } from "./message/pack-batches.ts";
export type { MessageAttribute, ReceivedMessage } from "./message/received-message.ts";
export { snsNotification } from "./message/sns-notification.ts";
export type { Attempted } from "./message/work.ts";
export {
  type Claim,
  type ClaimItem,
  completeClaim,
  expiryMs,
  insertClaim,
  probeClaim,
  releaseClaim,
  renewClaim,
  type Step,
  takeOverClaim,
} from "./model/claim-item.ts";
export type {
  Commit,
  ConsumePorts,
  ConsumerJournal,
  Journal,
  JournalPage,
  LogLine,
  PageOptions,
  TimeLimit,
  Visibility,
  VisibilityChange,
} from "./ports.ts";
export { type GroupHolding, groupHolding } from "./quarantine/group-holding.ts";
export { REDACTED, redactText } from "./redact/redact-text.ts";
export { redactValue } from "./redact/redact-value.ts";
export { type PersonalFields, redacted } from "./redact/redacted.ts";
export { redactorOf } from "./redact/redactor-of.ts";
export { type Backoff, exponential, LONGEST_VISIBILITY_SECONDS } from "./retry/backoff.ts";
