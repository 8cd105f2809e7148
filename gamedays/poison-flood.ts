import { setTimeout as wait } from "node:timers/promises";
import { sendMessages } from "@reliq/aws";
import { atMost, exactly, type GameDay, type Measure, type Stage, shown } from "reliq/gameday";
import { alarmsOf } from "./parts/alarms.ts";
import { withAlerts } from "./parts/alerts.ts";
import { groupsSince, untilCounted, untilHeld } from "./parts/deaths.ts";
import { healthyMeasures } from "./parts/healthy.ts";
import { APP } from "./parts/ingestion.ts";
import { acceptedIds, answerMeasures, effectMeasures, recoveryMeasure, untilEffects } from "./parts/outcome.ts";
import { discardHeld } from "./parts/redrive.ts";
import { type Scene, setScene } from "./parts/scene.ts";
import { CHARTS } from "./parts/watched.ts";

/** Thousands of messages that can never succeed. */
export const gameDay: GameDay = {
  name: "poison-flood",
  hypothesis:
    "Thousands of poison messages are one failure group and one alert, each of them is held with its reason, and healthy events do not notice.",
  fault:
    "Messages without a valid amount are sent past the API to the queue itself, four times as many as there are healthy events.",
  app: APP,
  alarms: alarmsOf("poison-flood"),
  charts: CHARTS,
  run,
};

const RATE = 10;
const POISON_RATE = 40;

async function run(stage: Stage): Promise<readonly Measure[]> {
  const scene = await setScene(stage, "flood");
  return withAlerts(scene, (readAlerts) => flood(scene, readAlerts));
}

async function flood(
  scene: Scene,
  readAlerts: Parameters<Parameters<typeof withAlerts>[1]>[0],
): Promise<readonly Measure[]> {
  const { stage, system, load, send } = scene;
  await stage.phase("all is well", () => send(RATE, stage.seconds(20, 4)));
  const beganAtMs = Date.now();
  const seconds = stage.seconds(60, 4);
  const { sent, held } = await stage.phase("flood", async () => {
    const [sent] = await Promise.all([sendPoison(scene, seconds), send(RATE, seconds)]);
    return { sent, held: await untilHeld(scene, sent, 120) };
  });
  const endedAtMs = Date.now();
  const effects = await stage.phase("recovery", () => untilEffects(stage, system, acceptedIds(load), 180, held));
  const groups = await groupsSince(scene, beganAtMs);
  await stage.phase("it is counted", () => untilCounted(scene));
  const alerts = (await readAlerts()).filter(({ kind }) => kind === "failures");
  const discarded = await stage.phase("given up", () => discardHeld(scene, "poison of a game day"));
  return [
    ...answerMeasures(load),
    ...(await effectMeasures(system, load, effects)),
    recoveryMeasure(load, effects, endedAtMs),
    ...healthyMeasures(load.requests, effects, beganAtMs),
    shown("poison messages", sent),
    exactly("poison messages that are held with their reason", held, sent),
    exactly("failure groups", groups.length, 1),
    exactly("problems that a person was told of", new Set(alerts.map(({ incident }) => incident)).size, 1),
    // One when it begins, and then its count.
    atMost("alerts", alerts.length, 3),
    shown("given up at the end", discarded),
  ];
}

/** How many the queue took. */
async function sendPoison({ stage, system: { sqs, queueUrl }, run }: Scene, seconds: number): Promise<number> {
  let taken = 0;
  for (let second = 0; second < seconds; second++) {
    const poison = Array.from({ length: POISON_RATE }, (_, index) => ({
      body: JSON.stringify({ orderId: `${run}-poison-${second}-${index}`, amount: "none" }),
    }));
    const [{ sent }] = await Promise.all([
      sendMessages(sqs, queueUrl, poison),
      wait(1_000, undefined, { signal: stage.signal }),
    ]);
    taken += sent.length;
  }
  return taken;
}
