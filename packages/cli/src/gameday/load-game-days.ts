import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { CommandError } from "../command-error.ts";
import type { GameDay } from "./game-day.ts";

/**
 * The game days of a folder, by name: each is a file of its own that exports `gameDay`.
 * @throws CommandError for a folder that is none, or a file without one
 */
export async function loadGameDays(folder: string): Promise<readonly GameDay[]> {
  if (!existsSync(folder)) {
    throw new CommandError(
      `There is no folder ${resolve(folder)}. Run this where \`gamedays/\` is, or name another folder with --folder.`,
    );
  }
  const files = readdirSync(folder).filter((file) => /^[\w-]+\.(js|mjs|ts)$/.test(file));
  const names = files.filter((file) => !/\.(test|d)\.\w+$/.test(file)).toSorted();
  return Promise.all(names.map((file) => load(join(folder, file))));
}

/** Those that are named, in that order. @throws CommandError for a name that none has, with those that there are */
export function namedGameDays(all: readonly GameDay[], names: readonly string[]): readonly GameDay[] {
  return names.map((name) => {
    const found = all.find((each) => each.name === name);
    if (found) return found;
    const known = all.map((each) => each.name).join(", ") || "none";
    throw new CommandError(`There is no game day ${JSON.stringify(name)}; there are: ${known}.`);
  });
}

async function load(file: string): Promise<GameDay> {
  const { gameDay } = (await import(pathToFileURL(resolve(file)).href)) as { readonly gameDay?: GameDay };
  if (typeof gameDay?.run === "function" && typeof gameDay.name === "string") return gameDay;
  throw new CommandError(
    `${file} exports no game day. It takes \`export const gameDay: GameDay = { name, hypothesis, fault, app, charts, run }\`, a type of reliq/gameday.`,
  );
}
