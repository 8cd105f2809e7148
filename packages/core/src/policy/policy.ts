import type { FailureCategory, Severity } from "../classify/category.ts";
import type { CauseOfDeath } from "../classify/cause-of-death.ts";

/**
 * What is done with a failed message. Each rule ends in exactly one of heal, repair, archive and hold; `alert` comes beside it.
 * `repair` changes the content by a registered function, and heals; a rule whose repair does not apply does not match.
 */
export type PolicyAction = "heal" | "repair" | "alert" | "archive" | "hold";

/** A number within bounds; `from` is included, `below` is not. */
export interface Bounds {
  readonly from?: number;
  readonly below?: number;
}

/** When a rule matches: all that is given holds; of a list, one is enough. */
export interface PolicyCondition {
  readonly category?: FailureCategory | readonly FailureCategory[];
  readonly cause?: CauseOfDeath | readonly CauseOfDeath[];
  readonly severity?: Severity | readonly Severity[];
  readonly retryable?: boolean;
  readonly queue?: string | readonly string[];
  readonly errorName?: string | readonly string[];
  /** A part of the reason's message, upper and lower case alike. */
  readonly messageIncludes?: string | readonly string[];
  /** Since the producer's message was accepted. */
  readonly ageSeconds?: Bounds;
  readonly heals?: Bounds;
  readonly deaths?: Bounds;
  /** How often its group has died. */
  readonly groupDeaths?: Bounds;
}

/** How long a heal waits: base · 2^heals up to the cap, any length; `full` jitter takes a random part of it. */
export interface HealBackoff {
  readonly baseSeconds: number;
  readonly capSeconds: number;
  /** @default "full" */
  readonly jitter?: "full" | "none";
}

/** One rule of a policy: what is done where its condition holds. */
export interface PolicyRule {
  /** Names the rule in records, audit and explanations. */
  readonly name: string;
  readonly when: PolicyCondition;
  readonly then: readonly PolicyAction[];
  /** Where `then` has `repair`: the registered repair. */
  readonly repair?: string;
  /** @default the policy's */
  readonly backoff?: HealBackoff;
  /** @default the policy's */
  readonly maxHeals?: number;
}

/** What is done with failed messages: data, validated, explained and tested on history. The first rule that matches decides. */
export interface Policy {
  readonly rules: readonly PolicyRule[];
  /** Where no rule matches. @default ["hold"] */
  readonly otherwise?: readonly PolicyAction[];
  /** After so many heals a message is not healed again. @default 3 */
  readonly maxHeals?: number;
  /** What becomes of it then. @default ["archive"] */
  readonly exhausted?: readonly PolicyAction[];
  /** @default { baseSeconds: 30, capSeconds: 3600, jitter: "full" } */
  readonly backoff?: HealBackoff;
  /** Disarms healing of a group once so many of its heals, and such a share of them, relapsed. @default { relapses: 20, share: 0.5 } */
  readonly budget?: { readonly relapses: number; readonly share: number };
  /**
   * FIFO queues whose consumers hold groups: whether an archived message is given up for its group, which then goes on without it, or waited
   * for until it is replayed. @default "hold"
   */
  readonly onArchive?: "hold" | "skip";
  /**
   * How long a held group may wait for its failed message, seconds, and how many messages may wait in it: at either limit the group goes on
   * without it, a person is told, and the audit says so. @default { messages: 100_000, seconds: 1_209_600 } (14 days)
   */
  readonly groupLimit?: { readonly messages: number; readonly seconds: number };
  /**
   * What another person has to approve: redrives, replays and heals by hand of more messages than this, edits and repairs of more than this, and
   * within how long, seconds. 0: each of them. @default { redrivesAbove: 100, editsAbove: 20, withinSeconds: 86_400 }
   */
  readonly secondApproval?: {
    readonly redrivesAbove?: number;
    readonly editsAbove?: number;
    readonly withinSeconds?: number;
  };
  /** Alerts of one group within this time are one. @default 3600 */
  readonly alertWindowSeconds?: number;
}
