import { alarmOnWrongMetric, noAlarm } from "./alarm-rules.ts";
import {
  deadLetterQueueMissing,
  deadLetterRetention,
  deadLetterTypeMismatch,
  noDeadLetterQueue,
  receivesUnderThrottling,
  retentionBelowReceives,
} from "./dead-letter-rules.ts";
import type { DeployedParts } from "./deployment.ts";
import type { Finding, Rule } from "./finding.ts";
import { eventFilter, mappingAtRest, shortPolling, twoConsumers, wholeBatchFails } from "./mapping-rules.ts";
import { encryptionMismatch, encryptionShutsOut, senderNotAllowed } from "./sender-rules.ts";
import { visibilityBelowSixTimeouts, visibilityBelowTimeout } from "./visibility-rules.ts";

/** Every rule by its name, in the order in which their findings are shown. */
export const RULES: Readonly<Record<string, Rule>> = {
  "visibility-below-timeout": visibilityBelowTimeout,
  "visibility-below-six-timeouts": visibilityBelowSixTimeouts,
  "no-dead-letter-queue": noDeadLetterQueue,
  "dead-letter-queue-missing": deadLetterQueueMissing,
  "dead-letter-type-mismatch": deadLetterTypeMismatch,
  "dead-letter-retention": deadLetterRetention,
  "retention-below-receives": retentionBelowReceives,
  "receives-under-throttling": receivesUnderThrottling,
  "whole-batch-fails": wholeBatchFails,
  "event-filter": eventFilter,
  "mapping-at-rest": mappingAtRest,
  "two-consumers": twoConsumers,
  "short-polling": shortPolling,
  "alarm-on-wrong-metric": alarmOnWrongMetric,
  "no-alarm": noAlarm,
  "sender-not-allowed": senderNotAllowed,
  "encryption-shuts-out": encryptionShutsOut,
  "encryption-mismatch": encryptionMismatch,
};

/** A finding with the name of its rule. */
export interface NamedFinding extends Finding {
  readonly rule: string;
}

/** What all rules find, errors first. */
export function examine(parts: DeployedParts): readonly NamedFinding[] {
  const found = Object.entries(RULES).flatMap(([rule, look]) => look(parts).map((finding) => ({ rule, ...finding })));
  return found.toSorted((one, other) => one.severity.localeCompare(other.severity));
}
