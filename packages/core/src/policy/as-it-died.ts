import type { FailedMessage } from "../failure/failed-message.ts";

/** A record as it was when its last death was decided: a heal after that counts in it already. */
export function asItDied(failure: FailedMessage): FailedMessage {
  const { state, via, heals } = failure;
  const healedSince = (state === "requeued" || state === "resolved") && via === "heal";
  return healedSince ? { ...failure, heals: Math.max(0, heals - 1) } : failure;
}
