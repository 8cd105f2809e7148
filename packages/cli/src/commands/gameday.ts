import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createLogUpdate } from "log-update";
import { askedRegion, type RegionOptions } from "../asked-region.ts";
import { clientSettings } from "../client-settings.ts";
import { CommandError } from "../command-error.ts";
import type { GameDay } from "../gameday/game-day.ts";
import { gameDayEnd, gameDayLine, gameDayView } from "../gameday/game-day-view.ts";
import { loadGameDays, namedGameDays } from "../gameday/load-game-days.ts";
import { startOwnRegion } from "../gameday/own-region.ts";
import { type Played, type PlaySettings, playGameDay } from "../gameday/play-game-day.ts";
import { REPORTS, writeReport } from "../gameday/report.ts";
import type { Recorded } from "../gameday/stage.ts";
import { formatTable } from "../print-table.ts";
import { safeJson } from "../safe-text.ts";
import { synthesize } from "../synthesize.ts";

interface ListOptions {
  readonly folder: string;
  readonly json?: boolean;
}

interface RunOptions extends ListOptions, RegionOptions {
  readonly report?: string;
  readonly scale: number;
  readonly set: Readonly<Record<string, string>>;
}

/** How often a line is printed where the output is not a terminal, milliseconds. */
const PLAIN_REFRESH_MS = 5_000;

/** `reliq gameday list`: the game days, each with what is believed. */
export async function listGameDays({ folder, json }: ListOptions): Promise<void> {
  const all = await loadGameDays(folder);
  if (json) {
    const shown = all.map(({ name, hypothesis, fault, app, localOnly }) => ({
      name,
      hypothesis,
      fault,
      app,
      localOnly,
    }));
    return console.log(safeJson(shown));
  }
  const rows = all.map(({ name, app, hypothesis }) => [name, app, hypothesis]);
  console.log(formatTable(["game day", "app", "hypothesis"], rows, `No game days in ${folder}.`));
}

/** `reliq gameday run <name...>`: plays game days one after the other; exits 1 where one is refuted, 2 where one could not run. */
export async function runGameDays(names: readonly string[], options: RunOptions): Promise<void> {
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stopping.abort());
  process.once("disconnect", () => stopping.abort());
  const all: Played[] = [];
  const here = openGround();
  try {
    const gameDays = namedGameDays(await loadGameDays(options.folder), names);
    if (options.report !== undefined && gameDays.length > 1)
      throw new CommandError("--report names one file: play one game day, or leave it out.");
    for (const gameDay of gameDays) {
      if (stopping.signal.aborted) break;
      all.push(await playAndReport(gameDay, options, here, stopping.signal));
    }
  } catch (error) {
    process.exitCode = 2;
    console.error(error instanceof Error ? error.message : String(error));
  } finally {
    here.close();
  }
  if (options.json) console.log(safeJson({ gameDays: all.map(({ moments: _, ...rest }) => rest) }));
  if (all.some(({ verdict }) => verdict === "refuted")) process.exitCode = 1;
  if (all.some(({ verdict }) => verdict === "could-not-run")) process.exitCode = 2;
}

async function playAndReport(
  gameDay: GameDay,
  options: RunOptions,
  here: Ground,
  signal: AbortSignal,
): Promise<Played> {
  const draw = drawer(gameDay.name, options.json === true);
  const common = { given: options.set, scale: options.scale, signal };
  const isThere = [options.endpoint, options.profile, options.region, options.aws].some((each) => each !== undefined);
  const played = isThere
    ? await playGameDay(
        gameDay,
        { ...common, settings: (await askedRegion(options)).settings, regionPid: undefined },
        draw,
      )
    : await playHere(gameDay, here, common, draw);
  const file = options.report ?? join(REPORTS, `${gameDay.name}.md`);
  writeReport(file, gameDay, played);
  if (!options.json) console.log(`${gameDayEnd(played)}\n  Report: ${file}\n`);
  return played;
}

/** Where regions of game days are while the command runs. */
interface Ground {
  readonly folder: string;
  /** The assembly of a game day; game days that deploy the same share it. */
  readonly assembly: (gameDay: GameDay) => Promise<string>;
  readonly close: () => void;
}

function openGround(): Ground {
  mkdirSync(REPORTS, { recursive: true });
  const folder = mkdtempSync(join(REPORTS, "region-"));
  const made = new Map<string, string>();
  const assembly = async ({ app, context = {} }: GameDay): Promise<string> => {
    const key = JSON.stringify([app, context]);
    const known = made.get(key);
    if (known !== undefined) return known;
    const directory = join(folder, `cdk.out-${made.size}`);
    await synthesize(app, directory, context);
    made.set(key, directory);
    return directory;
  };
  return { folder, assembly, close: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Plays in a region of its own, which nobody else's state is in. */
async function playHere(
  gameDay: GameDay,
  { folder, assembly }: Ground,
  common: Pick<PlaySettings, "given" | "scale" | "signal">,
  draw: (recorded: Recorded) => void,
): Promise<Played> {
  const region = await startOwnRegion(await assembly(gameDay), join(folder, gameDay.name));
  try {
    const settings = clientSettings(region.endpoint);
    return await playGameDay(gameDay, { ...common, settings, regionPid: region.pid }, draw);
  } finally {
    await region.stop();
  }
}

/** Redraws in place on a terminal; elsewhere prints a line now and then; on stderr where stdout is for JSON. */
function drawer(name: string, isQuiet: boolean): (recorded: Recorded) => void {
  const stream = isQuiet ? process.stderr : process.stdout;
  if (stream.isTTY) {
    const update = createLogUpdate(stream);
    return (recorded) => update(gameDayView(name, recorded));
  }
  let printedAtMs = 0;
  return (recorded) => {
    if (Date.now() - printedAtMs < PLAIN_REFRESH_MS) return;
    printedAtMs = Date.now();
    stream.write(`${gameDayLine(name, recorded)}\n`);
  };
}
