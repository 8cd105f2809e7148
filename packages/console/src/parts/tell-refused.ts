import type { Refused } from "../api/call-api.ts";
import type { useTell } from "../shell/notices.tsx";

/** Tells why something was not done, or that it waits for another person. */
export function tellRefused(
  { code, message }: Refused,
  tell: ReturnType<typeof useTell>,
  refused = "It was refused",
): void {
  if (code === "approval-needed") tell("info", "It waits for another person: see Approvals", message);
  else tell("error", refused, message);
}
