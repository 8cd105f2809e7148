import { setTimeout as wait } from "node:timers/promises";
import { sendMessages } from "@reliq/aws";
import { atMost, exactly, type GameDay, type Measure, type Stage, shown } from "reliq/gameday";
import { alarmsOf } from "./parts/alarms.ts";
import { dashboardMeasures } from "./parts/dashboard.ts";
import { groupsSince, untilCounted, untilHeld } from "./parts/deaths.ts";
import { healthyMeasures } from "./parts/healthy.ts";
import { APP } from "./parts/ingestion.ts";
import { acceptedIds, answerMeasures, effectMeasures, untilEffects } from "./parts/outcome.ts";
import { redriveAll } from "./parts/redrive.ts";
import { type Scene, setScene } from "./parts/scene.ts";
import { CHARTS } from "./parts/watched.ts";

/** Producers begin to send a version of events that the consumer does not know. */
export const gameDay: GameDay = {
  name: "schema-evolution",
  hypothesis:
    "Events of a version that the consumer does not know are all held as one problem that says which field is missing, healthy events do not notice, and once the consumer knows the version a redrive brings every one to its effect.",
  fault: "Producers send events of schema version 2 to the queue, before a consumer that knows version 1.",
  app: APP,
  alarms: alarmsOf("schema-evolution"),
  charts: CHARTS,
  run,
};

const RATE = 10;
const NEW_RATE = 5;

/** The name of the error that they die of. */
const ERROR = "SchemaValidationError";

/** From the fix to the last effect, at most. */
const RECOVERED_SECONDS = 120;

async function run(stage: Stage): Promise<readonly Measure[]> {
  const scene = await setScene(stage, "schema");
  const { system, load, send } = scene;
  await stage.phase("all is well", () => send(RATE, stage.seconds(20, 4)));
  const beganAtMs = Date.now();
  const seconds = stage.seconds(30, 4);
  const ids = await stage.phase("a new version comes", async () => {
    const [sent] = await Promise.all([sendSecond(scene, seconds), send(RATE, seconds)]);
    return sent;
  });
  const held = await stage.phase("all of it is held", () => untilHeld(scene, ids.length, 60));
  const groups = await groupsSince(scene, beganAtMs);
  const effects = await untilEffects(stage, system, acceptedIds(load), 60, held);
  await stage.phase("it is counted", () => untilCounted(scene));
  const fixedAtMs = Date.now();
  const { isRedriven, late } = await stage.phase("fix and redrive", async () => {
    await knowVersion(scene, "2");
    const isRedriven = await redriveAll(scene, ERROR, 240);
    return { isRedriven, late: await untilEffects(stage, system, ids, 60) };
  });
  const recoveredSeconds = (Date.now() - fixedAtMs) / 1_000;
  await knowVersion(scene, undefined);
  return [
    ...answerMeasures(load),
    ...(await effectMeasures(system, load, effects)),
    ...healthyMeasures(load.requests, effects, beganAtMs),
    shown("events of the new version", ids.length),
    exactly("of them held with their reason", held, ids.length),
    exactly("failure groups", groups.length, 1),
    shown("what it says", groups[0]?.message ?? "nothing"),
    exactly("redriven after the fix", isRedriven ? "all" : "not all", "all"),
    exactly("lost: of the new version, and without effect", ids.filter((id) => !late.has(id)).length, 0),
    ...(await dashboardMeasures(scene)),
    atMost("time from the fix to the last effect", recoveredSeconds, RECOVERED_SECONDS, "s"),
  ];
}

async function sendSecond({ stage, system, run }: Scene, seconds: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let second = 0; second < seconds; second++) {
    const some = Array.from({ length: NEW_RATE }, (_, index) => `${run}-second-${second}-${index}`);
    const bodies = some.map((orderId) => ({
      body: JSON.stringify({ schemaVersion: 2, orderId, total: { amount: 1, currency: "EUR" } }),
    }));
    const { failed } = await sendMessages(system.sqs, system.queueUrl, bodies);
    const unsent = new Set(failed.map(({ index }) => index));
    ids.push(...some.filter((_, index) => !unsent.has(index)));
    await wait(1_000, undefined, { signal: stage.signal });
  }
  return ids;
}

/** A new version of worker and redrive is deployed; without a version, the one before. */
async function knowVersion({ system }: Scene, version: string | undefined): Promise<void> {
  for (const name of ["worker", "redrive"]) await system.setVariables(name, { EVENT_SCHEMA_VERSION: version });
}
