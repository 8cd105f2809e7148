import { styleText } from "node:util";
import type { ChangeEnd } from "@reliq/core/recovery";
import { safeJson } from "./safe-text.ts";

/** Prints an answer: as JSON where that is asked for, else as lines. */
export function printAnswer<T>(options: { readonly json?: boolean }, answer: T, lines: (answer: T) => string): void {
  console.log(options.json ? safeJson(answer) : lines(answer));
}

/** One line an end; sets the exit code where one was refused. */
export function describeEnds(ends: readonly ChangeEnd[], done: string): string {
  return ends
    .map((end) =>
      end.kind === "done"
        ? `${styleText("green", done)} ${end.id}`
        : `${styleText("red", "refused")} ${end.id}: ${end.because}`,
    )
    .join("\n");
}

/** Exits 1 where one was refused. */
export function judgeEnds(ends: readonly ChangeEnd[]): void {
  if (ends.some(({ kind }) => kind === "refused")) process.exitCode = 1;
}

/** A time to the second, UTC. */
export function showTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}
