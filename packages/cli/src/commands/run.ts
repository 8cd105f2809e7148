import { basename, join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { styleText } from "node:util";
import { whatIsWrong } from "@reliq/core/recovery";
import { type RegionStatus, startRegion } from "@reliq/local";
import { createLogUpdate } from "log-update";
import { formatAccounts } from "../accounts.ts";
import { CommandError } from "../command-error.ts";
import { type ConsoleFlags, startConsole } from "../console/start-console.ts";
import { describeRegion } from "../describe-region.ts";
import { keepAssemblies } from "../keep-assembly.ts";
import { DEFAULT_ENDPOINT, regionStatus } from "../region-client.ts";
import { formatReasons, formatView, type RegionView, regionReader } from "../region-view.ts";
import { describeRound, type Round, startRound } from "../round.ts";
import { startTraffic } from "../traffic/traffic.ts";
import { untilStopped } from "../until-stopped.ts";

interface RunOptions extends ConsoleFlags {
  readonly context: Readonly<Record<string, string>>;
  readonly invoke?: string;
  readonly jumps?: boolean;
  readonly once?: boolean;
  readonly peer: Readonly<Record<string, string>>;
  readonly quiet?: boolean;
  readonly region: string;
  readonly state: string;
}

/** How often the table is read anew, milliseconds. */
const REFRESH_MS = 300;

/** How often it is read while nothing moves, milliseconds: an idle region should stay idle. */
const RESTING_REFRESH_MS = 1_500;

/** How often a line is printed where the output is not a terminal, milliseconds. */
const PLAIN_REFRESH_MS = 3_000;

/** How long a region that has begun to stop may take, milliseconds: its functions end their work. */
const LONGEST_STOP_MS = 60_000;

/** How long `--once` waits for the queues to come to rest, milliseconds. */
const LONGEST_ROUND_MS = 300_000;

/** `reliq run <app...>`: synthesizes apps, runs them in one region, calls a function or sends them some traffic, and shows where the messages are. */
export async function run(apps: readonly string[], flags: RunOptions): Promise<void> {
  const { context, invoke, jumps = false, once = false, quiet = once, peer: peers, port, region: name, state } = flags;
  const assembly = await bringUpToDate(apps, context, join(state, "cdk.out"));
  const options = { stateDirectory: state, port, jumps, assembly, region: name, peers };
  const region = await timed("Starting the region", () => startRegion(options));
  const ending = new AbortController();
  const stopped = untilStopped(region, ending.signal);
  let served: Awaited<ReturnType<typeof startConsole>>;
  try {
    const status = await regionStatus(region.endpoint);
    console.log(`${describeRegion(status)}\n`);
    served = await startConsole(region.endpoint, { ...flags, ...(once && { console: false }) });
    const round = invoke === undefined ? undefined : startRound(region.endpoint, invoke);
    const troubles = quiet ? undefined : await sendTraffic(apps, status, ending.signal);
    const last = await watch(region.endpoint, { round, once, stopped, troubles });
    if (once) judge(last, round);
  } finally {
    ending.abort();
    await served?.close();
    await stopped;
  }
}

async function bringUpToDate(
  apps: readonly string[],
  context: Readonly<Record<string, string>>,
  folder: string,
): Promise<string> {
  const what = apps.length === 1 ? `${apps[0]}` : `${apps.length} apps`;
  let made = 0;
  const assembly = await timed(`Synthesizing ${what}`, () =>
    keepAssemblies({ apps, context, folder }, (app, seconds) => {
      made++;
      if (apps.length > 1) process.stdout.write(`${basename(resolve(app))} ${seconds.toFixed(1)} s … `);
    }),
  );
  if (made === 0) console.log(styleText("dim", "Nothing of what they are made from has changed."));
  return assembly;
}

/** Sends traffic to the apps that have some; gives back what tells of its troubles. */
async function sendTraffic(
  apps: readonly string[],
  status: RegionStatus,
  signal: AbortSignal,
): Promise<() => readonly string[]> {
  const { apps: sending, troubles } = await startTraffic(apps, status, signal);
  if (sending.length > 0)
    console.log(styleText("dim", `Sending a few messages to ${sending.join(", ")} (--quiet: none)\n`));
  return troubles;
}

async function timed<T>(label: string, work: () => Promise<T>): Promise<T> {
  process.stdout.write(`${label} … `);
  const began = performance.now();
  const result = await work();
  console.log(styleText("dim", `${((performance.now() - began) / 1000).toFixed(1)} s`));
  return result;
}

/** What is shown beside the messages, and until when. */
interface Watched {
  readonly round: Round | undefined;
  readonly once: boolean;
  readonly stopped: Promise<void>;
  readonly troubles: (() => readonly string[]) | undefined;
}

/** Shows the messages until Ctrl-C, or, with `once`, until they are at rest; returns what was seen last. */
async function watch(endpoint: string, { round, once, stopped, troubles }: Watched): Promise<RegionView> {
  const read = regionReader(endpoint);
  const draw = drawer();
  const deadline = Date.now() + LONGEST_ROUND_MS;
  let last: RegionView = { accounts: [], deaths: [], underWay: [] };
  for (;;) {
    const view = await Promise.race([read(), stopped]).catch((error: unknown) => unlessStopping(error, stopped));
    if (view === undefined) return last;
    last = view;
    const hint = once ? "Ends when the queues are at rest." : `Ctrl-C stops.${invokeHint(endpoint, round)}`;
    const wrong = (troubles?.() ?? []).map((trouble) => styleText("red", trouble));
    draw([formatView(view), "", ...describeRound(round), ...wrong, styleText("dim", hint)].join("\n"));
    const atRest = view.underWay.length === 0 && round?.state !== "running";
    if (once && (atRest || Date.now() > deadline)) return view;
    await Promise.race([wait(atRest ? RESTING_REFRESH_MS : REFRESH_MS, undefined, { ref: false }), stopped]);
  }
}

/** A region that stops answers no more, and that is no failure: what was seen last stands. */
async function unlessStopping(error: unknown, stopped: Promise<void>): Promise<undefined> {
  const isOver = await Promise.race([stopped.then(() => true), wait(LONGEST_STOP_MS, false, { ref: false })]);
  if (!isOver) throw error;
  return undefined;
}

/** How to send another round, to this region. */
function invokeHint(endpoint: string, round: Round | undefined): string {
  if (round?.state !== "done") return "";
  const to = endpoint === DEFAULT_ENDPOINT ? "" : ` --endpoint ${endpoint}`;
  return ` Another round: npx reliq invoke ${round.name}${to}`;
}

/** Redraws in place on a terminal; elsewhere prints now and then. */
function drawer(): (text: string) => void {
  if (process.stdout.isTTY) return createLogUpdate(process.stdout);
  let printedAt = 0;
  return (text) => {
    if (Date.now() - printedAt < PLAIN_REFRESH_MS) return;
    printedAt = Date.now();
    console.log(`${text}\n`);
  };
}

function judge({ accounts, deaths, underWay }: RegionView, round: Round | undefined): void {
  console.log(`\n${formatAccounts(accounts)}\n\n${formatReasons(deaths)}`);
  if (round?.state === "failed") throw new CommandError(describeRound(round).join("\n"));
  if (underWay.length > 0) {
    const names = underWay.join(", ");
    throw new CommandError(`After ${LONGEST_ROUND_MS / 1000} s there are still messages under way in ${names}.`);
  }
  if (accounts.some((each) => whatIsWrong(each) !== undefined)) process.exitCode = 1;
}
