import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { GameDayReport, PlayedGameDay, ShownGameDay } from "@reliq/console";
import { CommandError } from "../command-error.ts";
import { loadGameDays } from "../gameday/load-game-days.ts";
import { REPORTS, VERDICTS } from "../gameday/report.ts";

/** Where game days are, in the folder in which the console is started. */
const FOLDER = "gamedays";

/** The game days there are, and how each was played last; none where there is no folder of them. */
export async function readGameDays(): Promise<readonly ShownGameDay[]> {
  if (!existsSync(FOLDER)) return [];
  return (await loadGameDays(FOLDER)).map(({ name, hypothesis, fault, app }) => {
    const text = readReport(`${name}.md`);
    return { name, hypothesis, fault, app, ...(text !== undefined && { verdict: verdictIn(text) }) };
  });
}

/** One game day with the report of how it was played last. @throws CommandError for a name that none has */
export async function readGameDay(query: URLSearchParams): Promise<PlayedGameDay> {
  const name = query.get("name");
  const found = (await readGameDays()).find((each) => each.name === name);
  if (!found) throw new CommandError(`There is no game day ${JSON.stringify(name)}.`);
  const text = readReport(`${found.name}.md`);
  const data = readReport(`${found.name}.json`);
  return {
    ...found,
    ...(text !== undefined && { text }),
    ...(data !== undefined && { report: JSON.parse(data) as GameDayReport }),
  };
}

function readReport(name: string): string | undefined {
  const file = join(REPORTS, name);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** A report's first line says it. */
function verdictIn(report: string): string {
  const [line = ""] = report.split("\n", 1);
  return Object.values(VERDICTS).find((verdict) => line.endsWith(verdict)) ?? "unknown";
}
