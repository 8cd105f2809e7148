import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import type { ShownAlarm } from "@reliq/core/recovery";
import type { ReactElement } from "react";

const SHOWN: Readonly<Record<ShownAlarm["state"], readonly [StatusIndicatorProps.Type, string]>> = {
  ALARM: ["error", "In alarm"],
  INSUFFICIENT_DATA: ["pending", "Insufficient data"],
  OK: ["success", "OK"],
};

/** How an alarm stands. */
export function AlarmStateIndicator({ state }: Pick<ShownAlarm, "state">): ReactElement {
  const [type, text] = SHOWN[state];
  return <StatusIndicator type={type}>{text}</StatusIndicator>;
}
