import { useState } from "react";
import { callApi, type Refused } from "../../api/call-api.ts";
import { countMessages } from "../../format/count-messages.ts";
import { tellRefused } from "../../parts/tell-refused.ts";
import { useTell } from "../../shell/notices.tsx";
import { type RepairRow, rowOfEnd, rowOfPreview } from "./repair-row.ts";
import type { RepairScope } from "./repair-scope.ts";

/** What is shown: what a repair would do, or has done. */
interface ShownRepair {
  readonly rows: readonly RepairRow[];
  readonly done: boolean;
}

/** A repair of some messages, and what is known of it. */
interface RepairWork {
  readonly shown: ShownRepair | undefined;
  readonly busy: boolean;
  readonly preview: () => Promise<void>;
  /** Repairs, and with `send` sends. */
  readonly apply: (send: boolean) => Promise<void>;
  readonly forget: () => void;
}

/** Previews and applies a registered repair; the person is told what it came to. */
export function useRepair(system: string, scope: RepairScope, repair: string): RepairWork {
  const [shown, setShown] = useState<ShownRepair>();
  const [busy, setBusy] = useState(false);
  const tell = useTell();
  const work = async (refused: string, read: () => Promise<ShownRepair>): Promise<void> => {
    setBusy(true);
    await read()
      .then(setShown)
      .catch((error: Refused) => tellRefused(error, tell, refused));
    setBusy(false);
  };
  return {
    shown,
    busy,
    forget: () => setShown(undefined),
    preview: () =>
      work("It could not be previewed", async () => {
        const { messages } = await callApi(system, "preview-repair", { ...scope, repair });
        return { rows: messages.map(rowOfPreview), done: false };
      }),
    apply: (send) =>
      work("It was refused", async () => {
        const { ends } = await callApi(system, "apply-repair", { ...scope, repair, send });
        const done = ends.filter(({ kind }) => kind === "done").length;
        const sent = send ? ", on the way to the queue" : "";
        tell(done > 0 ? "success" : "warning", `${countMessages(done)} repaired${sent}`);
        return { rows: ends.map(rowOfEnd), done: true };
      }),
  };
}
