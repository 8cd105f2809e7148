import { setTimeout as wait } from "node:timers/promises";
import { sendMessages } from "@reliq/aws";
import { exactly, type GameDay, type Measure, type Stage, shown } from "reliq/gameday";
import { alarmsOf } from "./parts/alarms.ts";
import { type Fulfilment, withFulfilment } from "./parts/fulfilment.ts";
import { APP } from "./parts/ingestion.ts";
import { sendAtRate } from "./parts/load.ts";
import { acceptedIds, answerMeasures, effectMeasures, recoveryMeasure, untilEffects } from "./parts/outcome.ts";
import type { Scene } from "./parts/scene.ts";
import { CHARTS } from "./parts/watched.ts";

/** Every event comes many times, by each way that there is. */
export const gameDay: GameDay = {
  name: "duplicate-storm",
  hypothesis:
    "An event that is posted five times at once, is on the queue twice, and comes three times more past the API has one effect.",
  fault:
    "Clients post each event five times at once, the failure mode duplicate_submit puts each on the queue twice, and three more copies of each are sent to the queue itself.",
  app: APP,
  alarms: alarmsOf("duplicate-storm"),
  charts: CHARTS,
  run,
};

const RATE = 3;
const POSTS = 5;
const COPIES = 3;

async function run(stage: Stage): Promise<readonly Measure[]> {
  return withFulfilment(stage, "storm", 0, storm);
}

async function storm(scene: Scene, fulfilment: Fulfilment | undefined): Promise<readonly Measure[]> {
  const { stage, system, load } = scene;
  await system.setMode("duplicate_submit");
  let copies = 0;
  try {
    await stage.phase("every event many times", async () => {
      await postMany(scene, stage.seconds(60, 8));
      copies = await copyToQueue(scene);
    });
  } finally {
    await system.setMode("none");
  }
  const endedAtMs = Date.now();
  const effects = await stage.phase("recovery", () => untilEffects(stage, system, acceptedIds(load), 180));
  await stage.phase("the rest is drained", () => untilEmpty(scene));
  const ids = new Set(acceptedIds(load));
  const calls = [...(fulfilment?.calls ?? [])].filter(([id]) => ids.has(id)).map(([, count]) => count);
  const events = new Set(acceptedIds(load)).size;
  const held = await system.held();
  return [
    ...answerMeasures(load),
    ...(await effectMeasures(system, load, effects, held)),
    recoveryMeasure(load, effects, endedAtMs),
    exactly("effects", effects.size, events),
    exactly("effects that were had more than once", calls.filter((count) => count > 1).length, 0),
    exactly("dead-lettered, and held", held, 0),
    shown("copies past the API", copies),
  ];
}

/** Each event is posted by five clients at the same moment. */
async function postMany({ stage, system, load, run }: Scene, seconds: number): Promise<void> {
  await sendAtRate(load, { ratePerSecond: RATE * POSTS, seconds, signal: stage.signal }, (index) =>
    system.post({ orderId: `${run}-${Math.floor(index / POSTS)}`, amount: 1 }),
  );
}

async function copyToQueue({ system: { sqs, queueUrl }, load }: Scene): Promise<number> {
  const ids = [...new Set(acceptedIds(load))];
  const copies = Array.from({ length: COPIES }, () => ids)
    .flat()
    .map((orderId) => ({ body: JSON.stringify({ orderId, amount: 1 }) }));
  await sendMessages(sqs, queueUrl, copies);
  return copies.length;
}

async function untilEmpty({ stage, system }: Scene): Promise<void> {
  const deadline = performance.now() + 120_000;
  while ((await system.depth()) > 0 && performance.now() < deadline)
    await wait(500, undefined, { signal: stage.signal });
}
