import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import type { RedriveRun } from "@reliq/core/recovery";
import type { ReactElement } from "react";

const SHOWN: Readonly<Record<RedriveRun["state"], StatusIndicatorProps.Type>> = {
  planning: "pending",
  running: "in-progress",
  paused: "stopped",
  stopped: "error",
  cancelled: "stopped",
  done: "success",
};

/** Where a run stands. */
export function RunStateIndicator({ state }: { readonly state: RedriveRun["state"] }): ReactElement {
  return <StatusIndicator type={SHOWN[state]}>{state}</StatusIndicator>;
}
