import { setTimeout as wait } from "node:timers/promises";
import { countEffects, untilDrained, worstMinutes } from "./load-effects.ts";
import { benchFaults, type FaultLoad } from "./load-faults.ts";
import { cutOutboxes, type Shop, withShop } from "./load-shop.ts";
import { STREAM_NAMES, STREAMS, type Stream, sendStreams } from "./load-streams.ts";

/** How long what is left may stand still until it counts as lost, milliseconds. */
const LONGEST_STILL_MS = 60_000;

/** How long a multiple is tried, seconds, and which are tried after 1 has held, or has not. */
const TRIED_SECONDS = 30;
const HIGHER: readonly number[] = [1.25, 1.5, 2, 2.5, 3, 4];
const LOWER: readonly number[] = [0.75, 0.5, 0.35, 0.25, 0.15, 0.1, 0.05];

/** How the bench is run. */
export interface LoadOptions {
  /** How long the load lasts. @default 300 */
  readonly seconds?: number;
  /** Whole orders under faults in place of streams. @default false */
  readonly faults?: boolean;
}

/** What a load came to. */
interface Loaded {
  /** Whether no message was left in the end. */
  readonly drained: boolean;
  readonly lost: number;
  readonly doubled: number;
  readonly p95Ms: Readonly<Record<Stream, number>>;
}

/** How order processing bears orders, payments, stock and notifications together, in the local region. */
export interface LoadBench extends Omit<Loaded, "drained"> {
  /** The highest multiple of that load that was within its limits, nothing lost and nothing doubled; 0 where none was. */
  readonly highestMultiple: number;
}

/** Loads the system with independent streams, at their rates and then at multiples of them; or with whole orders under faults. */
export async function benchLoad({ seconds = 300, faults = false }: LoadOptions = {}): Promise<FaultLoad | LoadBench> {
  if (faults) return await benchFaults(seconds);
  return await withShop({}, async (shop) => {
    await cutOutboxes(shop);
    const whole = await loadOnce(shop, 1, seconds);
    const held = holds(whole);
    let highestMultiple = held ? 1 : 0;
    for (const multiple of held ? HIGHER : LOWER) {
      const did = holds(await loadOnce(shop, multiple, Math.min(seconds, TRIED_SECONDS)));
      if (did) highestMultiple = multiple;
      if (did !== held) break;
    }
    const { lost, doubled, p95Ms } = whole;
    return { lost, doubled, p95Ms, highestMultiple };
  });
}

function holds({ drained, lost, doubled, p95Ms }: Loaded): boolean {
  const isSwift = STREAM_NAMES.every((stream) => p95Ms[stream] <= STREAMS[stream].limitMs);
  return drained && lost === 0 && doubled === 0 && isSwift;
}

async function loadOnce(shop: Shop, multiple: number, seconds: number): Promise<Loaded> {
  await untilMinute();
  const fromMs = Date.now();
  const run = `x${multiple}-${fromMs}`;
  const tell = (what: string): void => {
    console.error(`×${multiple}  ${String(Math.round((Date.now() - fromMs) / 1_000)).padStart(4)} s  ${what}`);
  };
  const sent = await sendStreams(shop, { seconds, multiple, run }, (now) => {
    tell(`sent ${STREAM_NAMES.map((stream) => `${stream} ${now[stream]}`).join(", ")}`);
  });
  let toldMs = 0;
  const drained = await untilDrained(shop, LONGEST_STILL_MS, (left) => {
    if (Date.now() - toldMs < 5_000) return;
    toldMs = Date.now();
    tell(`${left} are left`);
  });
  // What a batch has measured is there with its log lines.
  await wait(3_000);
  const { there, doubled: twice } = await countEffects(shop, run);
  const doubled = STREAM_NAMES.reduce((sum, stream) => sum + twice[stream], 0);
  const lost = STREAM_NAMES.reduce((sum, stream) => sum + Math.max(0, sent[stream] - there[stream]), 0);
  const p95Ms = await worstMinutes(shop, fromMs, Date.now());
  tell(
    `${drained ? "done" : "not done"}: lost ${lost}, doubled ${JSON.stringify(twice)}, P95 ${JSON.stringify(p95Ms)} ms`,
  );
  return { drained, lost, doubled, p95Ms };
}

/** What is measured by the minute is then of this run alone. */
async function untilMinute(): Promise<void> {
  await wait(60_000 - (Date.now() % 60_000));
}
