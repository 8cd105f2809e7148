import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ShownGameDay } from "@reliq/console";
import { loadGameDays } from "../gameday/load-game-days.ts";
import { REPORTS, VERDICTS } from "../gameday/report.ts";

/** Where game days are, in the folder in which the console is started. */
const FOLDER = "gamedays";

/** The game days there are, each with the report of how it was played last; none where there is no folder of them. */
export async function readGameDays(): Promise<readonly ShownGameDay[]> {
  if (!existsSync(FOLDER)) return [];
  return (await loadGameDays(FOLDER)).map(({ name, hypothesis, fault, app }) => {
    const file = join(REPORTS, `${name}.md`);
    const report = existsSync(file) ? readFileSync(file, "utf8") : undefined;
    return { name, hypothesis, fault, app, ...(report !== undefined && { report, verdict: verdictIn(report) }) };
  });
}

/** A report's first line says it. */
function verdictIn(report: string): string {
  const [line = ""] = report.split("\n", 1);
  return Object.values(VERDICTS).find((verdict) => line.endsWith(verdict)) ?? "unknown";
}
