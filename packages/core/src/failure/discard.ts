import type { RecoverPorts } from "../recover-ports.ts";
import { type ChangeEnd, changeMessages } from "./change-messages.ts";

/**
 * Gives messages up, for a reason that the audit keeps. What is on its way back to its queue cannot be given up, and what has been
 * processed need not.
 */
export function discard(
  ids: readonly string[],
  reason: string,
  by: string,
  ports: Pick<RecoverPorts, "now" | "store" | "wakeUps">,
): Promise<readonly ChangeEnd[]> {
  const from = ["held", "healing", "archived"] as const;
  return changeMessages(ids, { by, action: "discarded", details: { reason }, from, to: "discarded" }, ports);
}
