import type { RecoverPorts } from "../recover-ports.ts";
import { type ChangeEnd, changeMessages } from "./change-messages.ts";

/** Keeps messages for a person: those that wait for their heal, and archived ones, whose archived object stays. */
export function hold(
  ids: readonly string[],
  by: string,
  ports: Pick<RecoverPorts, "now" | "store" | "wakeUps">,
): Promise<readonly ChangeEnd[]> {
  return changeMessages(ids, { by, action: "held", details: {}, from: ["healing", "archived"], to: "held" }, ports);
}
