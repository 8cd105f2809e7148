import type { FailedMessage } from "../failure/failed-message.ts";
import { unsendableBecause } from "../heal/unsendable.ts";
import type { RunOptions, Verdict } from "./redrive-run.ts";

/** What decides about one message. */
export interface MessageFacts {
  readonly failure: FailedMessage;
  /** Where the run looks for its messages. */
  readonly from: "archived" | "held";
  /** Whether the consumer's claim on it, by its lineage, is done. */
  readonly claimDone: boolean;
  /** FIFO: the sequence number of the last message of its group that has had its effect and was not sent again, where that is known. */
  readonly lastSequence?: string;
  /** Why its content cannot be had or does not fit its consumer's schema. */
  readonly contentIssue?: string;
}

/** A verdict, and in words what decided. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly because: string;
}

/**
 * Says whether a message can be sent again. `behind` is an older message of its group that has failed too, is neither over nor
 * sent before it.
 */
export function verdictOf(
  facts: MessageFacts,
  options: Pick<RunOptions, "maxHeals" | "minAgeSeconds">,
  behind: string | undefined,
  nowMs: number,
): Judgement {
  const { failure, from, claimDone, lastSequence, contentIssue } = facts;
  const ageSeconds = Math.floor((nowMs - failure.diedAtMs) / 1_000);
  if (failure.state !== from) return judge("already-done", `it is ${failure.state}, no longer ${from}`);
  if (claimDone) return judge("already-done", "its consumer's claim on it is done: its effect is there");
  if (lastSequence !== undefined && failure.sequenceNumber !== undefined && lastSequence > failure.sequenceNumber) {
    const newer = `message ${lastSequence} of its group has had its effect, and is newer than ${failure.sequenceNumber}`;
    return judge("overtaken", newer);
  }
  if (behind !== undefined) return judge("in-quarantine", `${behind} is older, of the same group, and not over`);
  if (ageSeconds < options.minAgeSeconds) {
    return judge("too-young", `it died ${ageSeconds} s ago, less than ${options.minAgeSeconds} s`);
  }
  if (failure.heals >= options.maxHeals) {
    return judge("heals-exhausted", `it was healed ${failure.heals} times, of at most ${options.maxHeals}`);
  }
  const unsendable = unsendableBecause(failure);
  if (unsendable !== undefined) return judge("unsendable", unsendable);
  if (contentIssue !== undefined) return judge("schema-invalid", contentIssue);
  return judge("safe", describeSafe(failure, ageSeconds));
}

/** Whether a message of this verdict holds the newer ones of its group back: it has still to have its effect. */
export function holdsBack(verdict: Verdict): boolean {
  switch (verdict) {
    case "already-done":
    case "overtaken":
    case "safe":
      return false;
    case "heals-exhausted":
    case "in-quarantine":
    case "schema-invalid":
    case "too-young":
    case "unsendable":
      return true;
  }
}

function judge(verdict: Verdict, because: string): Judgement {
  return { verdict, because };
}

function describeSafe({ state, reason, heals, sends }: FailedMessage, ageSeconds: number): string {
  return `${state} for ${ageSeconds} s after ${reason.errorName}; sent again ${sends} times, healed ${heals} times`;
}
