import type { FailedMessage } from "./failed-message.ts";

/** How long what is over is kept, and the hours of a group: 90 days. */
export const KEPT_MS: number = 90 * 24 * 60 * 60 * 1_000;

/** From when on a failed message is forgotten: 90 days after it was resolved or discarded; undefined while it is neither. */
export function forgottenAtMs({
  state,
  updatedAtMs,
}: Pick<FailedMessage, "state" | "updatedAtMs">): number | undefined {
  return state === "resolved" || state === "discarded" ? updatedAtMs + KEPT_MS : undefined;
}
