import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import type { GroupState } from "@reliq/core/recovery";
import type { ReactElement } from "react";

const SHOWN: Readonly<Record<GroupState, StatusIndicatorProps.Type>> = {
  open: "error",
  regressed: "error",
  acknowledged: "in-progress",
  resolved: "success",
  ignored: "stopped",
};

/** Where a failure group is in its life. */
export function GroupStateIndicator({ state }: { readonly state: GroupState }): ReactElement {
  return <StatusIndicator type={SHOWN[state]}>{state}</StatusIndicator>;
}
