import type { Stage } from "reliq/gameday";
import { type Ingestion, reachIngestion } from "./ingestion.ts";
import { type Load, newLoad, sendAtRate } from "./load.ts";
import { untilEffects } from "./outcome.ts";
import { watchIngestion } from "./watched.ts";

/** The system with a load of healthy events on it. */
export interface Scene {
  readonly stage: Stage;
  readonly system: Ingestion;
  readonly load: Load;
  /** Names what this run sends: no two runs have an order in common. */
  readonly run: string;
  /** Posts new events at a rate, one a request, for some seconds. */
  readonly send: (ratePerSecond: number, seconds: number) => Promise<void>;
}

/** How many events start the processes of functions, before anything is measured: each at once, as the load may come. */
const WARMING = 20;
const LEAST_WARMING = 4;

/** Reaches the system, which is set as it is to be, warms it up, and watches it from now on. */
export async function setScene(
  stage: Stage,
  name: string,
  prepare: (system: Ingestion) => Promise<void> = async () => {},
): Promise<Scene> {
  const system = await reachIngestion(stage);
  await prepare(system);
  const load = newLoad();
  const run = `${name}-${Date.now()}`;
  watchIngestion(stage, system, load);
  await stage.phase("warming up", () => warmUp(stage, system, run));
  const send = (ratePerSecond: number, seconds: number): Promise<void> =>
    sendAtRate(load, { ratePerSecond, seconds, signal: stage.signal }, (index) =>
      system.post({ orderId: `${run}-${index}`, amount: 1 }),
    );
  return { stage, system, load, run, send };
}

async function warmUp(stage: Stage, system: Ingestion, run: string): Promise<void> {
  const ids = Array.from({ length: stage.count(WARMING, LEAST_WARMING) }, (_, index) => `${run}-warm-${index}`);
  await Promise.all(ids.map((orderId) => system.post({ orderId, amount: 1 })));
  await untilEffects(stage, system, ids, 60);
}
