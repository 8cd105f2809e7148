import type { FailureState } from "@reliq/core/recovery";
import type { Violation } from "./history.ts";
import type { RecoveredMode } from "./recovery-setting.ts";

/** A message that a producer sent, and what was left behind of it. */
export interface RecoveredMessage {
  readonly key: string;
  readonly mode: RecoveredMode;
  /** How often its effect happened. */
  readonly effects: number;
  /** Its record, where it failed for good at least once. */
  readonly record?: {
    readonly state: FailureState;
    readonly errorName: string;
    readonly deaths: number;
    readonly body: string;
  };
  /** How often its handler was to fail. */
  readonly failures: number;
}

/** How many receives a message has in each of its lives. */
const RECEIVES = 2;

/** What was promised and not kept: each message has its effect once, or a record that says where it is and why. */
export function checkRecovery(messages: readonly RecoveredMessage[]): readonly Violation[] {
  return messages.flatMap(({ key, mode, effects, record, failures }) => {
    const name = `${mode} ${key}`;
    const found: Violation[] = [];
    const end = `effects: ${effects}, record: ${record ? `${record.state}, ${record.errorName}, ${record.deaths} deaths` : "none"}`;
    if (effects > 1) found.push({ kind: "doubled", evidence: `${name}: ${end}` });
    const kept = record?.state === "archived" && record.errorName !== "" && record.body === key;
    const done = effects > 0 && (record === undefined || record.state === "resolved");
    if (!(kept && effects === 0) && !done) found.push({ kind: "lost", evidence: `${name}: ${end}` });
    if (failures >= RECEIVES && record === undefined)
      found.push({ kind: "lost", evidence: `${name} died without a record: ${end}` });
    return found;
  });
}
