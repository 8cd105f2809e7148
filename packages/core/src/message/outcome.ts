import type { FailureReason } from "../classify/failure-reason.ts";

/** Why a message was not attempted to its end; none of these is a failure, and the journal has one only where it tells how the message died. */
export type DeferralCause =
  /** A message of its group, or one with its key, failed before it. */
  | "behind-sibling"
  /** Its claim was taken over while its handler ran: another attempt decides. */
  | "claim-lost"
  /** The handler's own wish: an open breaker, a throttle. */
  | "handler"
  /** Another attempt on its key may be at work. */
  | "in-progress"
  /** Claims could not be reached: nothing is handled unclaimed. */
  | "journal-unavailable"
  /** The time for the batch was over before its turn came. */
  | "out-of-time"
  /** Whether its group is held could not be read, or written. */
  | "quarantine-unavailable";

/** How an attempt on a message ended. */
export type Outcome =
  | { readonly kind: "processed" }
  /** Its effect was there already. `result` where results are kept. */
  | { readonly kind: "duplicate"; readonly result?: unknown }
  | { readonly kind: "failed"; readonly reason: FailureReason; readonly retryAfterSeconds?: number }
  /** The dead-letter queue has it; the source queue must let go of it. */
  | { readonly kind: "dead-lettered"; readonly reason: FailureReason }
  /** Its group is held, and the failure store has it, in its place; the source queue must let go of it. */
  | { readonly kind: "set-aside" }
  | {
      readonly kind: "deferred";
      readonly cause: DeferralCause;
      readonly retryAfterSeconds?: number;
      /** The message that it is held back behind. */
      readonly behind?: string;
      /** What its handler said, where the deferral was its wish. */
      readonly why?: string;
    };

/** Whether the source queue must let go of the message: it is deleted. */
export function isOver(outcome: Outcome): boolean {
  switch (outcome.kind) {
    case "processed":
    case "duplicate":
    case "dead-lettered":
    case "set-aside":
      return true;
    case "failed":
    case "deferred":
      return false;
  }
}
