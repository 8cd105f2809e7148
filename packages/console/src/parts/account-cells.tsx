import Box from "@cloudscape-design/components/box";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { ReactElement } from "react";
import type { LiveQueue } from "../contract/region.ts";

type Place = keyof LiveQueue["account"];

/** Where messages can be, in the order in which an account names them, and whether it is named also when it is empty. */
const PLACES: readonly (readonly [Place, string, boolean])[] = [
  ["processed", "processed", true],
  ["waiting", "waiting", false],
  ["inFlight", "in flight", false],
  ["deadLettered", "dead-lettered", true],
  ["held", "held", false],
  ["healing", "healing", false],
  ["setAside", "set aside", false],
  ["archived", "archived", false],
  ["discarded", "discarded", false],
  ["deletedByHand", "deleted by hand", false],
  ["expired", "expired", false],
  ["movedAway", "moved away", false],
];

/** `accepted 91 = processed 67 + dead-lettered 24`, and whether that is so. */
export function AccountSum({ queue }: { readonly queue: LiveQueue }): ReactElement {
  const { account, wrong, metered } = queue;
  const places = PLACES.filter(([place, , always]) => always || (account[place] ?? 0) !== 0);
  const sum = places.map(([place, name]) => `${name} ${(account[place] ?? 0).toLocaleString("en")}`).join(" + ");
  const accepted = `accepted ${account.accepted.toLocaleString("en")}`;
  return (
    <>
      <StatusIndicator type={wrong === undefined ? "success" : "error"}>
        {wrong === undefined ? "balanced" : "not balanced"}
      </StatusIndicator>
      <Box variant="small" display="block">
        {wrong === undefined ? `${accepted} ${metered ? "≈" : "="} ${sum}` : `${accepted} ≠ ${sum}: ${wrong}`}
      </Box>
    </>
  );
}
