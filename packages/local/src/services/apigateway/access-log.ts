import { randomBytes } from "node:crypto";
import type { Activity } from "../../kernel/activity.ts";
import type { World } from "../../kernel/service.ts";
import { createFunctionLog } from "../lambda/invocations/function-log.ts";
import { type Ended, loggedValue } from "./context-variables.ts";
import type { Passage } from "./event.ts";

/** Writes a line for each answered request of the stages that ask for it. */
export interface AccessLog {
  write(passage: Passage, ended: Ended): void;
  /** Resolves when all lines are stored. */
  flush(): Promise<void>;
}

/** The lines go to a stream for each run of the region; they are stored a moment later, many in one write. */
export function createAccessLog(world: World, activity: Activity): AccessLog {
  const lines = createFunctionLog(world, activity);
  const logStreamName = randomBytes(16).toString("hex");
  return {
    write: (passage, ended) => {
      const { accessLog } = passage.stage;
      if (!accessLog) return;
      const text = accessLog.format.replace(/\$context\.([\w.-]*\w)/g, (_all, name: string) =>
        loggedValue(world, name, passage, ended),
      );
      lines.write({ logGroupName: accessLog.logGroupName, logStreamName, atMs: passage.atMs, text });
    },
    flush: lines.flush,
  };
}
