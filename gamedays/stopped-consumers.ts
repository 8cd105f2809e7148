import { setTimeout as wait } from "node:timers/promises";
import { sendMessages } from "@reliq/aws";
import { atMost, exactly, type GameDay, type Measure, type Stage, shown } from "reliq/gameday";
import { alarmsOf } from "./parts/alarms.ts";
import { untilHeld } from "./parts/deaths.ts";
import { APP } from "./parts/ingestion.ts";
import { setTaking } from "./parts/mappings.ts";
import { acceptedIds, answerMeasures, effectMeasures, untilEffects } from "./parts/outcome.ts";
import { discardHeld } from "./parts/redrive.ts";
import { type Scene, setScene } from "./parts/scene.ts";
import { CHARTS } from "./parts/watched.ts";

/** Nobody takes anything: neither the worker of its queue, nor recovery of the dead letters. */
export const gameDay: GameDay = {
  name: "stopped-consumers",
  hypothesis:
    "While nobody takes from the queue and from the dead-letter queue requests go on being accepted and nothing is lost; once both are taken from again every event has its effect within two minutes, and every dead letter is held.",
  fault:
    "The event source mappings of the worker and of recovery's dead letters are switched off for minutes, while more than a thousand events come.",
  app: APP,
  alarms: alarmsOf("stopped-consumers"),
  charts: CHARTS,
  run,
};

const RATE = 20;

/** Over the thousand that the alarm allows: so many seconds at that rate. */
const SECONDS = 60;

/** Dead letters that nobody captures. */
const DEAD = 5;

/** Longer than the five minutes that a message may wait, with the minute in which it is seen. */
const WAIT_SECONDS = 420;

/** From when they take again to the last effect, at most. */
const RECOVERED_SECONDS = 120;

async function run(stage: Stage): Promise<readonly Measure[]> {
  const scene = await setScene(stage, "stopped");
  const { system, load, send } = scene;
  await stage.phase("all is well", () => send(RATE / 4, stage.seconds(10, 2)));
  let waiting = 0;
  let letters = 0;
  try {
    await stage.phase("nobody takes", async () => {
      await setTaking(scene, "redrive", "events-dlq", false);
      letters = await kill(scene);
      await setTaking(scene, "worker", "events", false);
      await send(RATE, stage.seconds(SECONDS, 3));
      waiting = await system.depth();
    });
    await stage.phase("it is seen", () => stage.passTime(WAIT_SECONDS));
  } finally {
    await setTaking(scene, "worker", "events", true);
    await setTaking(scene, "redrive", "events-dlq", true);
  }
  const resumedAtMs = performance.now();
  const effects = await stage.phase("they take again", () => untilEffects(stage, system, acceptedIds(load), 180, DEAD));
  const recoveredSeconds = (performance.now() - resumedAtMs) / 1_000;
  const held = await untilHeld(scene, DEAD, 60);
  const discarded = await stage.phase("given up", () => discardHeld(scene, "poison of a game day"));
  return [
    ...answerMeasures(load),
    ...(await effectMeasures(system, load, effects)),
    shown("events that waited", waiting),
    exactly("effects", effects.size, new Set(acceptedIds(load)).size),
    exactly("dead letters that nobody captured", letters, DEAD),
    exactly("of them held afterwards", held, DEAD),
    atMost("time to recover", recoveredSeconds, RECOVERED_SECONDS, "s"),
    shown("given up at the end", discarded),
  ];
}

/** Sends poison, and waits until it is in the dead-letter queue; how many are. */
async function kill({ stage, system, run }: Scene): Promise<number> {
  const poison = Array.from({ length: DEAD }, (_, index) => ({
    body: JSON.stringify({ orderId: `${run}-poison-${index}`, amount: "none" }),
  }));
  await sendMessages(system.sqs, system.queueUrl, poison);
  const deadline = performance.now() + 60_000;
  for (;;) {
    const letters = await system.deadLetters();
    if (letters >= DEAD || performance.now() > deadline) return letters;
    await wait(500, undefined, { signal: stage.signal });
  }
}
