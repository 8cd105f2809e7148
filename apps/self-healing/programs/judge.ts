import type { FailedMessage } from "@reliq/core/recovery";
import { classify } from "../domain/failure-types.ts";
import type { ExpectedEnd } from "../domain/test-messages.ts";

/** A message that was sent, and how it is to end. */
export interface Noted extends ExpectedEnd {
  readonly messageId: string;
}

/** What is not as expected with a message, in a line; empty where all is. */
export function judge(noted: Noted, failure: FailedMessage | undefined, atRest: boolean): readonly string[] {
  const { messageId, kind, state, failureType, cause, errorName, heals } = noted;
  const seen = failure && {
    state: failure.state,
    failureType: classify(failure.reason).failureType,
    cause: failure.cause,
    errorName: failure.reason.errorName,
    heals: failure.heals,
  };
  if (!seen) return state === "processed" && atRest ? [] : [`${messageId} (${kind}): no record, expected ${state}`];
  const wanted = { state, failureType, cause, errorName: errorName ?? seen.errorName, heals };
  const differing = Object.entries(wanted).filter(([name, value]) => seen[name as keyof typeof seen] !== value);
  if (differing.length === 0) return [];
  const words = differing.map(([name, value]) => `${name} is ${seen[name as keyof typeof seen]}, expected ${value}`);
  return [`${messageId} (${kind}): ${words.join(", ")} (${failure?.evidence})`];
}
