import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { exactly, type GameDay, type Measure, type Stage, shown } from "reliq/gameday";
import { alarmsOf } from "./parts/alarms.ts";
import { APP, type Ingestion } from "./parts/ingestion.ts";
import { acceptedIds, answerMeasures, effectMeasures, recoveryMeasure, untilEffects } from "./parts/outcome.ts";
import { setScene } from "./parts/scene.ts";
import { CHARTS } from "./parts/watched.ts";

/** The service behind the worker stops answering, and comes back. */
export const gameDay: GameDay = {
  name: "downstream-outage",
  hypothesis:
    "While the service behind does not answer, its breaker opens, requests go on being accepted, no message is dead-lettered, and all is done within two minutes of its return.",
  fault:
    "The parameter of the failure mode says slow_downstream: no call of the service behind ends within its time-out.",
  app: APP,
  alarms: alarmsOf("downstream-outage"),
  charts: CHARTS,
  run,
};

const RATE = 10;

async function run(stage: Stage): Promise<readonly Measure[]> {
  const { system, load, send } = await setScene(stage, "outage");
  await stage.phase("all is well", () => send(RATE, stage.seconds(20, 3)));
  await system.setMode("slow_downstream");
  let opened = false;
  try {
    await stage.phase("outage", async () => {
      // Functions read the parameter every 5 seconds, and five calls of 5 seconds time out before the breaker opens.
      await send(RATE, stage.seconds(60, 16));
      opened = await isOpen(system);
    });
  } finally {
    await system.setMode("none");
  }
  const endedAtMs = Date.now();
  await stage.phase("after it", () => send(RATE, stage.seconds(20, 2)));
  const effects = await stage.phase("recovery", () => untilEffects(stage, system, acceptedIds(load), 180));
  const held = await system.held();
  return [
    ...answerMeasures(load),
    ...(await effectMeasures(system, load, effects, held)),
    recoveryMeasure(load, effects, endedAtMs),
    exactly("the breaker of the service behind", opened ? "opened" : "stayed closed", "opened"),
    exactly("dead-lettered, and held", held, 0),
    shown("rate", RATE, "requests/s"),
  ];
}

/** Workers share the breaker in the journal's table. */
async function isOpen({ dynamodb, name }: Ingestion): Promise<boolean> {
  const Key = { pk: { S: "breaker#fulfilment" }, sk: { S: "breaker" } };
  const get = new GetItemCommand({ TableName: name("journal"), Key, ConsistentRead: true });
  return (await dynamodb.send(get)).Item !== undefined;
}
