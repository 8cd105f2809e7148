import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { watchCpu } from "./ingest-cpu.ts";
import { countEffects, p95ByMinute, untilDrained } from "./load-effects.ts";
import { benchFaults, type FaultLoad } from "./load-faults.ts";
import { type LoadRun, writeLoadReport } from "./load-report.ts";
import { cutOutboxes, type Shop, withShop } from "./load-shop.ts";
import { STREAM_NAMES, STREAMS, type Stream, sendStreams } from "./load-streams.ts";
import { watchLoad } from "./load-watch.ts";

/** How long what is left may stand still until it counts as lost, milliseconds. */
const LONGEST_STILL_MS = 60_000;

/** How long a multiple is tried, seconds, and which are tried after 1 has held, or has not. */
const TRIED_SECONDS = 30;
const HIGHER: readonly number[] = [1.25, 1.5, 2, 2.5, 3, 4];
const LOWER: readonly number[] = [0.75, 0.5, 0.35, 0.25, 0.15, 0.1, 0.05];

/** What the functions get their code compiled by before anything is measured: multiples, and how long each, seconds. */
const WARMING: readonly number[] = [0.05, 0.1, 0.2, 0.35, 0.5];
const WARMING_SECONDS = 10;

/** Where the report goes, in the folder where the bench runs. */
const REPORT = join(".reliq", "bench", "load.md");

/** How the bench is run. */
export interface LoadOptions {
  /** How long the load lasts. @default 300 */
  readonly seconds?: number;
  /** Whole orders under faults in place of streams. @default false */
  readonly faults?: boolean;
  /** Whole orders a second. @default 100: with all that follows, some 500 messages a second of orders, 100 of payments and 200 of stock */
  readonly rate?: number;
}

/** How order processing bears orders, payments, stock and notifications together, in the local region. */
export interface LoadBench {
  readonly lost: number;
  readonly doubled: number;
  /** Of the worst minute. */
  readonly p95Ms: Readonly<Record<Stream, number>>;
  /** The highest multiple of that load that was within its limits, nothing lost and nothing doubled; 0 where none was. */
  readonly highestMultiple: number;
}

/** Loads the system with independent streams, at their rates and then at multiples of them, and writes a report with charts; or with whole orders under faults. */
export async function benchLoad({
  seconds = 300,
  faults = false,
  rate = 100,
}: LoadOptions = {}): Promise<FaultLoad | LoadBench> {
  if (faults) return await benchFaults({ seconds, perSecond: rate });
  return await withShop({}, async (shop) => {
    await cutOutboxes(shop);
    await warmUp(shop);
    const whole = await loadOnce(shop, 1, seconds);
    const runs = [whole];
    let highestMultiple = whole.holds ? 1 : 0;
    console.error(`The report is in ${writeLoadReport(REPORT, runs, highestMultiple)}`);
    for (const multiple of whole.holds ? HIGHER : LOWER) {
      const run = await loadOnce(shop, multiple, Math.min(seconds, TRIED_SECONDS));
      runs.push(run);
      if (run.holds) highestMultiple = multiple;
      // Whoever ends the bench early has what it has measured so far.
      writeLoadReport(REPORT, runs, highestMultiple);
      if (run.holds !== whole.holds) break;
    }
    const { lost, doubled, p95Ms } = whole;
    return { lost, doubled: total(doubled), p95Ms, highestMultiple };
  });
}

/** A region that has just started bears a part of what it bears a minute later. */
async function warmUp(shop: Shop): Promise<void> {
  const sent: Record<Stream, number> = { orders: 0, payments: 0, inventory: 0, notifications: 0 };
  const watched = watchLoad(shop, "warm", () => sent);
  for (const multiple of WARMING) {
    await sendStreams(shop, { seconds: WARMING_SECONDS, multiple, run: `warm-${multiple}` }, sent);
    await untilDrained(shop, LONGEST_STILL_MS);
  }
  await watched.end();
}

function holds({ drained, lost, doubled, p95Ms }: Omit<LoadRun, "holds">): boolean {
  const isSwift = STREAM_NAMES.every((stream) => p95Ms[stream] <= STREAMS[stream].limitMs);
  return drained && lost === 0 && total(doubled) === 0 && isSwift;
}

function total(counts: Readonly<Record<Stream, number>>): number {
  return STREAM_NAMES.reduce((sum, stream) => sum + counts[stream], 0);
}

async function loadOnce(shop: Shop, multiple: number, seconds: number): Promise<LoadRun> {
  await untilMinute();
  const beganAtMs = Date.now();
  const run = `x${multiple}-${beganAtMs}`;
  const sent: Record<Stream, number> = { orders: 0, payments: 0, inventory: 0, notifications: 0 };
  const cpu = watchCpu(shop.pid);
  const watched = watchLoad(shop, `×${multiple}`, () => sent);
  await sendStreams(shop, { seconds, multiple, run }, sent);
  const drained = await untilDrained(shop, LONGEST_STILL_MS);
  await watched.end();
  const cost = cpu(total(sent));
  // What a batch has measured is there with its log lines.
  await wait(3_000);
  const { there, doubled } = await countEffects(shop, run);
  const lost = STREAM_NAMES.reduce((sum, stream) => sum + Math.max(0, sent[stream] - there[stream]), 0);
  const minutes = await p95ByMinute(shop, beganAtMs, Date.now());
  const p95Ms = worstOf(minutes);
  const came = { multiple, seconds, beganAtMs, sent, drained, lost, doubled, p95Ms, minutes, cost };
  const loaded = { ...came, moments: watched.moments };
  console.error(
    `×${multiple}  ${drained ? "done" : "not done"} after ${Math.round((Date.now() - beganAtMs) / 1_000)} s: lost ${lost}, doubled ${JSON.stringify(doubled)}, P95 ${JSON.stringify(p95Ms)} ms; ${cost}`,
  );
  return { ...loaded, holds: holds(loaded) };
}

function worstOf(minutes: LoadRun["minutes"]): LoadRun["p95Ms"] {
  const worst = STREAM_NAMES.map((stream) => {
    const values = minutes[stream].map(([, ms]) => ms);
    return [stream, values.length === 0 ? Number.NaN : Math.round(Math.max(...values))];
  });
  return Object.fromEntries(worst) as Record<Stream, number>;
}

/** What is measured by the minute is then of this run alone. */
async function untilMinute(): Promise<void> {
  await wait(60_000 - (Date.now() % 60_000));
}
