import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import type { ReactElement } from "react";

const SHOWN: Readonly<Record<string, StatusIndicatorProps.Type>> = {
  held: "success",
  refuted: "error",
  "could not run": "warning",
};

/** How a game day ended, in the words of its report. */
export function VerdictIndicator({ verdict }: { readonly verdict: string | undefined }): ReactElement {
  return <StatusIndicator type={SHOWN[verdict ?? ""] ?? "pending"}>{verdict ?? "not yet"}</StatusIndicator>;
}
