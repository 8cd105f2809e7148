import type { Claim } from "../model/claim-item.ts";
import type { Outcome } from "./outcome.ts";
import type { ReceivedMessage } from "./received-message.ts";

/** A message on its way through a consumer: each station takes it one stage further. */
export interface Work<T> {
  readonly message: ReceivedMessage;
  readonly stage: Stage<T>;
}

export type Stage<T> =
  /** Parsed, and its key claimed where the consumer has keys. */
  | {
      readonly at: "ready";
      readonly body: T;
      /** The message as the handler sees it: body and attributes without their wrapping. */
      readonly read: ReceivedMessage;
      readonly claim?: Claim;
    }
  /** Its key is held or done: what it is shows when the batch is settled. */
  | { readonly at: "refused"; readonly claim: Claim }
  /** Another message of the batch has its key: that one's end decides. */
  | { readonly at: "twin"; readonly claim: Claim }
  /** Over, and still to be settled. */
  | {
      readonly at: "ended";
      readonly outcome: Outcome;
      readonly claim?: Claim | undefined;
      readonly result?: unknown;
    };

/** A work that has ended. */
export function ended<T>(message: ReceivedMessage, outcome: Outcome, claim?: Claim, result?: unknown): Work<T> {
  return { message, stage: { at: "ended", outcome, claim, result } };
}

/** A message with how its attempt ended. */
export interface Attempted {
  readonly message: ReceivedMessage;
  readonly outcome: Outcome;
}
