import { setTimeout as wait } from "node:timers/promises";
import { atMost, CannotPlay, exactly, type GameDay, type Measure, type Stage, shown } from "reliq/gameday";
import { functionProcesses, NO_PROC } from "../harness/processes.ts";
import { alarmsOf } from "./parts/alarms.ts";
import { type Fulfilment, withFulfilment } from "./parts/fulfilment.ts";
import { APP, TIGHT_CONTEXT } from "./parts/ingestion.ts";
import { acceptedIds, answerMeasures, effectMeasures, recoveryMeasure, untilEffects } from "./parts/outcome.ts";
import type { Scene } from "./parts/scene.ts";
import { CHARTS } from "./parts/watched.ts";

/** Workers are killed over and over. */
export const gameDay: GameDay = {
  name: "worker-kill",
  hypothesis:
    "Workers that are killed in the middle of their batches lose no event and double no effect, and two minutes after the last kill all is done.",
  fault: "Every process of the worker is killed every two seconds.",
  app: APP,
  context: TIGHT_CONTEXT,
  localOnly:
    "Nobody can kill the process of a function on AWS: this fault is put into a region of its own only. Leave out --endpoint and --profile.",
  alarms: alarmsOf("worker-kill"),
  charts: CHARTS,
  run,
};

const RATE = 10;
const EACH_MS = 2_000;

/** So long that most kills meet a batch at work. */
const TAKES_MS = 400;

/** The most messages of one batch: so many calls one kill repeats. */
const BATCH = 10;

async function run(stage: Stage): Promise<readonly Measure[]> {
  if (NO_PROC) throw new CannotPlay(`Workers cannot be found: ${NO_PROC}.`);
  return withFulfilment(stage, "kill", TAKES_MS, kill);
}

async function kill(
  { stage, system, load, send }: Scene,
  fulfilment: Fulfilment | undefined,
): Promise<readonly Measure[]> {
  await stage.phase("all is well", () => send(RATE, stage.seconds(10, 3)));
  const over = new AbortController();
  const killing = killWorkers(stage, system.name("worker"), over.signal);
  await stage.phase("workers are killed", () => send(RATE, stage.seconds(60, 8)));
  over.abort();
  const kills = await killing;
  const endedAtMs = Date.now();
  const effects = await stage.phase("recovery", () => untilEffects(stage, system, acceptedIds(load), 180));
  const calls = [...(fulfilment?.calls.values() ?? [])];
  const repeated = calls.reduce((sum, count) => sum + count - 1, 0);
  const held = await system.held();
  return [
    ...answerMeasures(load),
    ...(await effectMeasures(system, load, effects, held)),
    recoveryMeasure(load, effects, endedAtMs),
    exactly("effects without an accepted event", effects.size - new Set(acceptedIds(load)).size, 0),
    // Between a call and its settling nobody knows of it: it is repeated, under the same key.
    atMost("calls of the service behind that a kill repeated", repeated, kills * BATCH),
    exactly("dead-lettered, and held", held, 0),
    shown("kills", kills),
  ];
}

async function killWorkers({ regionPid = 0 }: Stage, name: string, signal: AbortSignal): Promise<number> {
  let kills = 0;
  while (!signal.aborted) {
    for (const pid of functionProcesses(regionPid, name)) {
      process.kill(pid, "SIGKILL");
      kills++;
    }
    await wait(EACH_MS, undefined, { signal }).catch(() => {});
  }
  return kills;
}
