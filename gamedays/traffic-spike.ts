import { atMost, type GameDay, type Measure, quantile, type Stage, shown } from "reliq/gameday";
import { alarmsOf } from "./parts/alarms.ts";
import { withFulfilment } from "./parts/fulfilment.ts";
import { APP, TIGHT_CONTEXT } from "./parts/ingestion.ts";
import {
  acceptedIds,
  answerMeasures,
  effectMeasures,
  effectTimes,
  recoveryMeasure,
  untilEffects,
} from "./parts/outcome.ts";
import type { Scene } from "./parts/scene.ts";
import { CHARTS } from "./parts/watched.ts";

/** Ten times the requests, before a worker that cannot keep up. */
export const gameDay: GameDay = {
  name: "traffic-spike",
  hypothesis:
    "Ten times the requests are all accepted without a 5xx; what the worker cannot take at once waits no longer than two minutes, the backlog drains, and every alarm clears.",
  fault: "Requests come at ten times their rate, more than the service behind takes.",
  app: APP,
  context: TIGHT_CONTEXT,
  alarms: alarmsOf("traffic-spike"),
  charts: CHARTS,
  run,
};

const RATE = 3;
const TIMES = 10;

/** Two workers of ten calls at once, each of a second and more, take some 16 events a second: half of what comes at the height of it. */
const TAKES_MS = 1_200;

/** The longest that an event may wait for its effect, seconds. */
const LONGEST_WAIT_SECONDS = 120;

async function run(stage: Stage): Promise<readonly Measure[]> {
  return withFulfilment(stage, "spike", TAKES_MS, spike);
}

async function spike({ stage, system, load, send }: Scene): Promise<readonly Measure[]> {
  const rate = stage.count(RATE, 2);
  await stage.phase("all is well", () => send(rate, stage.seconds(20, 3)));
  await stage.phase("ten times the rate", () => send(rate * TIMES, stage.seconds(60, 5)));
  const endedAtMs = Date.now();
  await stage.phase("after it", () => send(rate, stage.seconds(20, 2)));
  const effects = await stage.phase("backlog drains", () => untilEffects(stage, system, acceptedIds(load), 180));
  const waited = effectTimes(load.requests, effects);
  return [
    ...answerMeasures(load),
    ...(await effectMeasures(system, load, effects)),
    recoveryMeasure(load, effects, endedAtMs),
    atMost("longest wait from request to effect", Math.max(...waited) / 1_000, LONGEST_WAIT_SECONDS, "s"),
    shown("wait from request to effect, P95", quantile(waited, 0.95) / 1_000, "s"),
    shown("requests at the height of it", rate * TIMES, "a second"),
  ];
}
