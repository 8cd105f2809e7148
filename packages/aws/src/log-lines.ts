import type { LogLine } from "@reliq/core";
import { refusedVariable } from "./environment.ts";
import { writeLine } from "./write-line.ts";

const LEVELS: readonly LogLine["level"][] = ["error", "warn", "info"];

/**
 * JSON lines on stdout, which Lambda ships to the function's log group, for what is as urgent as `LOG_LEVEL` or more; all of
 * them where nobody says it. Lines of one millisecond share its text. `setBy` says in the error who sets that variable.
 * @throws ReliqError `environment` for a level that is none
 */
export function logLines(
  environment: NodeJS.ProcessEnv = process.env,
  setBy = "The function's definition",
): (line: LogLine) => void {
  const level = environment["LOG_LEVEL"] ?? "info";
  const most = LEVELS.indexOf(level.toLowerCase() as LogLine["level"]);
  if (most < 0) throw refusedVariable("LOG_LEVEL", level, LEVELS.join(", "), setBy);
  let nowMs = 0;
  let time = "";
  return (line) => {
    if (LEVELS.indexOf(line.level) > most) return;
    const writtenAtMs = Date.now();
    if (nowMs !== writtenAtMs) {
      nowMs = writtenAtMs;
      time = new Date(nowMs).toISOString();
    }
    writeLine(`{"time":"${time}",${JSON.stringify(line).slice(1)}`);
  };
}
