import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import type { Approval } from "@reliq/core/recovery";
import type { ReactElement } from "react";

const SHOWN: Readonly<Record<Approval["state"], StatusIndicatorProps.Type>> = {
  pending: "pending",
  approved: "in-progress",
  done: "success",
  failed: "error",
  refused: "stopped",
  expired: "stopped",
};

/** Where an approval stands. */
export function ApprovalStateIndicator({ state }: Pick<Approval, "state">): ReactElement {
  return <StatusIndicator type={SHOWN[state]}>{state}</StatusIndicator>;
}
