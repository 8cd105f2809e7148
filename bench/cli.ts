import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { quantile } from "reliq/gameday";

const BUILT = "build/packages/cli/bin/reliq.js";
const RUNS = 20;

/** Measures how long the built command takes from its start to its end, milliseconds: the median of 20 runs each, once Node has kept what it compiled. */
export async function benchCli(): Promise<object> {
  if (!existsSync(BUILT)) throw new Error(`There is no ${BUILT}: npm run build makes it.`);
  return { nodeMs: median(["-e", ""]), helpMs: median([BUILT, "--help"]), versionMs: median([BUILT, "--version"]) };
}

function median(args: readonly string[]): number {
  runOnce(args);
  const times = Array.from({ length: RUNS }, () => runOnce(args));
  return Math.round(quantile(times, 0.5) * 10) / 10;
}

function runOnce(args: readonly string[]): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} failed: ${stderr}`);
  return performance.now() - began;
}
