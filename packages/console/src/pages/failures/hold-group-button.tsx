import Button from "@cloudscape-design/components/button";
import type { FailedMessage } from "@reliq/core/recovery";
import type { ReactElement } from "react";
import { callApi, type Refused } from "../../api/call-api.ts";
import { go, hrefOf } from "../../navigation/place.ts";
import { useTell } from "../../shell/notices.tsx";
import { useMay } from "../../shell/region.tsx";

interface HoldGroupButtonProps {
  readonly system: string;
  readonly failure: Pick<FailedMessage, "groupId" | "id" | "queue">;
}

/** Holds the message group of a failed message behind it, and shows the group. */
export function HoldGroupButton({ system, failure }: HoldGroupButtonProps): ReactElement {
  const tell = useTell();
  const mayOperate = useMay("operator");
  const hold = (): Promise<void> =>
    callApi(system, "start-quarantine", { failure: failure.id })
      .then(() => go(hrefOf(["quarantine", system, `${failure.queue}:${failure.groupId}`])))
      .catch((error: Refused) => tell("error", "It was refused", error.message));
  return (
    <Button disabled={!mayOperate} onClick={hold}>
      Hold its group
    </Button>
  );
}
