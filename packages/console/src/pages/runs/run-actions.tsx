import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { RedriveRun } from "@reliq/core/recovery";
import { type ReactElement, useState } from "react";
import { callApi, type Refused } from "../../api/call-api.ts";
import { useTell } from "../../shell/notices.tsx";
import { useMay } from "../../shell/region.tsx";

interface RunActionsProps {
  readonly system: string;
  readonly run: Pick<RedriveRun, "id" | "state">;
  readonly onDone: () => void;
}

const SAID = { "cancel-run": "cancelled", "pause-run": "paused", "resume-run": "going on" } as const;

/** Pauses a run, lets it go on, or ends it; what is left stays where it is. */
export function RunActions({ system, run: { id, state }, onDone }: RunActionsProps): ReactElement {
  const [busy, setBusy] = useState(false);
  const mayOperate = useMay("operator");
  const tell = useTell();
  const control = async (name: keyof typeof SAID): Promise<void> => {
    setBusy(true);
    await callApi(system, name, { run: id })
      .then(() => tell("success", `The run is ${SAID[name]}`))
      .catch((error: Refused) => tell("error", "It was refused", error.message));
    setBusy(false);
    onDone();
  };
  const goesOn = state === "running" || state === "planning";
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button disabled={busy || !mayOperate || !(goesOn || state === "paused")} onClick={() => control("cancel-run")}>
        Cancel
      </Button>
      {state === "paused" ? (
        <Button variant="primary" disabled={busy || !mayOperate} onClick={() => control("resume-run")}>
          Resume
        </Button>
      ) : (
        <Button
          variant="primary"
          disabled={busy || !mayOperate || state !== "running"}
          onClick={() => control("pause-run")}
        >
          Pause
        </Button>
      )}
    </SpaceBetween>
  );
}
