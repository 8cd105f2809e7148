import { styleText } from "node:util";
import type { RedriveRun } from "@reliq/core/recovery";
import { safeLine } from "./safe-text.ts";

/** The length of a bar, characters. */
const LENGTH = 40;

/** A run's progress: a bar of what is resolved, relapsed, on its way and skipped, its counts, and what it waits for. */
export function runBar(run: RedriveRun): string {
  const { id, kind, queue, state, planned, sent, resolved, relapsed, skipped, waitingBecause, stoppedBecause } = run;
  const onItsWay = sent - resolved - relapsed;
  const part = (count: number): number => (planned === 0 ? 0 : Math.round((count / planned) * LENGTH));
  const bar = [
    styleText("green", "█".repeat(part(resolved))),
    styleText("red", "█".repeat(part(relapsed))),
    styleText("yellow", "▒".repeat(part(onItsWay))),
    styleText("gray", "▁".repeat(part(skipped))),
  ].join("");
  const left = planned - sent - skipped;
  return [
    `${kind} ${id} of ${queue}: ${styleText("bold", state)}`,
    `${bar} ${resolved} resolved, ${relapsed} relapsed, ${onItsWay} on their way, ${skipped} skipped, ${left} to come`,
    ...(waitingBecause === undefined ? [] : [`waiting: ${safeLine(waitingBecause, 200)}`]),
    ...(stoppedBecause === undefined ? [] : [styleText("red", `stopped: ${safeLine(stoppedBecause, 300)}`)]),
  ].join("\n");
}
