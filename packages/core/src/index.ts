export { type Account, account, type QueueCounts, sumCounts } from "./account/account.ts";
export type { FailureCategory, Severity } from "./classify/category.ts";
export {
  type CauseFound,
  type CauseOfDeath,
  causeOfDeath,
  type Death,
  type FunctionReport,
} from "./classify/cause-of-death.ts";
export type { FailureReason } from "./classify/failure-reason.ts";
export { type Attempted, consume, type Delivery } from "./consume.ts";
export { type Consumer, type ConsumerOptions, consumer, type HandlerContext } from "./consumer.ts";
export { BadPayloadFailure, Failure, ReliqError, ValidationFailure } from "./errors.ts";
export type { JournalEntry } from "./journal/journal-entry.ts";
export type { Outcome } from "./message/attempt.ts";
export { ENVELOPE_ATTRIBUTE, type Envelope, envelopeAttribute, lineageOf } from "./message/envelope.ts";
export { messageBytes, type OutgoingMessage, packBatches } from "./message/pack-batches.ts";
export type { MessageAttribute, ReceivedMessage } from "./message/received-message.ts";
export type { ConsumePorts, DeadLetters, Journal, JournalPage, LogLine, PageOptions } from "./ports.ts";
export { REDACTED, redactText } from "./redact/redact-text.ts";
export { redactValue } from "./redact/redact-value.ts";
