import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  InvokeCommand,
  PutFunctionConcurrencyCommand,
  TooManyRequestsException,
} from "@aws-sdk/client-lambda";
import { exactly, type GameDay, type Measure, type Stage } from "reliq/gameday";
import { alarmsOf } from "./parts/alarms.ts";
import { APP, type Ingestion } from "./parts/ingestion.ts";
import { acceptedIds, untilEffects } from "./parts/outcome.ts";
import { refusedIds, repeatMeasures, repeatRefused, sendAccepted } from "./parts/repeats.ts";
import { setScene } from "./parts/scene.ts";
import { CHARTS } from "./parts/watched.ts";

/** The account has no concurrency left for any function. */
export const gameDay: GameDay = {
  name: "no-concurrency",
  hypothesis:
    "While no function may run callers are told 503, what is on the queue waits, and two minutes after functions may run again every event has its effect, those that were repeated too.",
  fault: "The reserved concurrency of all three functions is 0: every invocation of them is throttled.",
  app: APP,
  alarms: alarmsOf("no-concurrency"),
  charts: CHARTS,
  run,
};

const RATE = 5;
const FUNCTIONS = ["ingest", "worker", "redrive"];

async function run(stage: Stage): Promise<readonly Measure[]> {
  const scene = await setScene(stage, "throttled");
  const { system, load, send } = scene;
  await stage.phase("all is well", () => send(RATE, stage.seconds(10, 2)));
  const before = await readReserved(system);
  let queued: readonly string[] = [];
  let isRecoveryThrottled = false;
  try {
    await stage.phase("no function may run", async () => {
      await reserve(
        system,
        FUNCTIONS.map(() => 0),
      );
      queued = await sendAccepted(scene, stage.count(50, 10));
      [isRecoveryThrottled] = await Promise.all([isThrottled(system, "redrive"), send(RATE, stage.seconds(20, 3))]);
    });
  } finally {
    await reserve(system, before);
  }
  const faultEndedAtMs = Date.now();
  const refused = refusedIds(scene).length;
  await stage.phase("clients repeat", () => repeatRefused(scene, 60));
  const effects = await stage.phase("recovery", () =>
    untilEffects(stage, system, [...acceptedIds(load), ...queued], 180),
  );
  return [
    exactly("an invocation of recovery", isRecoveryThrottled ? "throttled" : "ran", "throttled"),
    ...repeatMeasures(scene, effects, { refused, queued, held: await system.held(), faultEndedAtMs }),
  ];
}

function readReserved({ lambda, name }: Ingestion): Promise<readonly (number | undefined)[]> {
  return Promise.all(
    FUNCTIONS.map(async (each) => {
      const get = new GetFunctionConcurrencyCommand({ FunctionName: name(each) });
      return (await lambda.send(get)).ReservedConcurrentExecutions;
    }),
  );
}

async function reserve({ lambda, name }: Ingestion, all: readonly (number | undefined)[]): Promise<void> {
  for (const [index, ReservedConcurrentExecutions] of all.entries()) {
    const FunctionName = name(FUNCTIONS[index] ?? "");
    if (ReservedConcurrentExecutions === undefined)
      await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    else await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
  }
}

async function isThrottled({ lambda, name }: Ingestion, each: string): Promise<boolean> {
  try {
    await lambda.send(new InvokeCommand({ FunctionName: name(each), Payload: JSON.stringify({ reliq: "sweep" }) }));
    return false;
  } catch (error) {
    if (error instanceof TooManyRequestsException) return true;
    throw error;
  }
}
