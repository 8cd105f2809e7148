import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import type { FailureState } from "@reliq/core/recovery";
import type { ReactElement } from "react";

const SHOWN: Readonly<Record<FailureState, StatusIndicatorProps.Type>> = {
  held: "warning",
  healing: "in-progress",
  requeued: "pending",
  resolved: "success",
  archived: "info",
  discarded: "stopped",
};

/** Where a failed message is. */
export function FailureStateIndicator({ state }: { readonly state: FailureState }): ReactElement {
  return <StatusIndicator type={SHOWN[state]}>{state}</StatusIndicator>;
}
