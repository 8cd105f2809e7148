import { parseArgs } from "node:util";
import type { Violation } from "./history.ts";
import { type ChaosOptions, type ChaosResult, chaosLocal } from "./local.ts";
import { progressBar } from "./progress.ts";

/** Each run kills what it names under load, and finds what was promised and not kept. */
const RUNS: Readonly<Record<string, (options: ChaosOptions) => Promise<ChaosResult>>> = { local: chaosLocal };

const USAGE = `Usage: npm run chaos -- <${Object.keys(RUNS).join("|")}> [--kills 50] [--seed N] [--json]`;

/** The violations of each kind that are shown; the history has the rest. */
const MOST_SHOWN = 5;

const { run, kills, seed, json } = readArguments();
console.error(`${kills} kills with --seed ${seed}`);
const { operations, violations, state } = await run({ kills, seed, progress: progressBar(kills) });
if (violations.length > 0) console.error(`Promises were not kept. State and history: ${state}`);
const report = (kind: Violation["kind"]): number => {
  const found = violations.filter((each) => each.kind === kind);
  for (const { evidence } of found.slice(0, MOST_SHOWN)) console.error(`${kind}: ${evidence}`);
  return found.length;
};
const result = {
  kills,
  operations,
  lost: report("lost"),
  doubled: report("doubled"),
  outOfOrder: report("outOfOrder"),
  broken: report("broken"),
};
console.log(json ? JSON.stringify(result) : JSON.stringify(result, undefined, 2));
process.exit(violations.length === 0 ? 0 : 1);

function readArguments(): {
  run: (options: ChaosOptions) => Promise<ChaosResult>;
  kills: number;
  seed: number;
  json: boolean;
} {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { kills: { type: "string" }, seed: { type: "string" }, json: { type: "boolean" } },
    });
    const run = RUNS[positionals[0] ?? ""];
    if (!run || positionals.length > 1)
      throw new Error(`There is no chaos run ${JSON.stringify(positionals.join(" "))}.`);
    return {
      run,
      kills: wholeNumber("kills", values.kills ?? "50"),
      seed: wholeNumber("seed", values.seed ?? String(Date.now() % 1_000_000)),
      json: values.json ?? false,
    };
  } catch (error) {
    console.error(`${(error as Error).message} ${USAGE}`);
    process.exit(2);
  }
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--${option} takes a whole number, and this is ${JSON.stringify(text)}.`);
}
