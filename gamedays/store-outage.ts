import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import type { GameDay, Measure, Stage } from "reliq/gameday";
import { alarmsOf } from "./parts/alarms.ts";
import { APP, type Ingestion, TIGHT_CONTEXT } from "./parts/ingestion.ts";
import { acceptedIds, untilEffects } from "./parts/outcome.ts";
import { refusedIds, repeatMeasures, repeatRefused, sendAccepted } from "./parts/repeats.ts";
import { type Scene, setScene } from "./parts/scene.ts";
import { CHARTS } from "./parts/watched.ts";

/** The database of all functions is gone: first it refuses, then it answers nothing. */
export const gameDay: GameDay = {
  name: "store-outage",
  hypothesis:
    "While the tables cannot be reached callers are told to repeat, no event is dead-lettered for it, and two minutes after the tables are back every event has its effect, those that were repeated too.",
  fault:
    "Functions are told another address of DynamoDB: one where nobody listens, and then one where nobody ever answers.",
  app: APP,
  context: TIGHT_CONTEXT,
  alarms: alarmsOf("store-outage"),
  charts: CHARTS,
  run,
};

const RATE = 5;

/** Where nobody listens: a connection is refused at once. */
const REFUSING = "http://127.0.0.1:9";

/** Where nobody answers: addresses for documentation, to which no packet gets (RFC 5737). */
const SILENT = "http://192.0.2.1";

/** Requests that each wait for the end of their function's time. */
const SILENT_POSTS = 6;

async function run(stage: Stage): Promise<readonly Measure[]> {
  const scene = await setScene(stage, "outage");
  const silence = stage.regionPid === undefined ? undefined : await startSilence();
  const { system, load, send } = scene;
  let queued: readonly string[] = [];
  try {
    await stage.phase("all is well", () => send(RATE, stage.seconds(10, 2)));
    await stage.phase("the tables refuse", async () => {
      await setTables(system, REFUSING);
      queued = await sendAccepted(scene, stage.count(50, 10));
      await Promise.all([send(RATE, stage.seconds(20, 3)), sweep(system)]);
    });
    await stage.phase("the tables are silent", async () => {
      await setTables(system, silence?.url ?? SILENT);
      await Promise.all([postSome(scene, stage.count(SILENT_POSTS, 1)), ...(stage.scale < 1 ? [] : [sweep(system)])]);
    });
  } finally {
    await setTables(system, undefined);
    silence?.close();
  }
  const faultEndedAtMs = Date.now();
  const refused = refusedIds(scene).length;
  await stage.phase("clients repeat", () => repeatRefused(scene, 60));
  const effects = await stage.phase("recovery", () =>
    untilEffects(stage, system, [...acceptedIds(load), ...queued], 180),
  );
  return repeatMeasures(scene, effects, { refused, queued, held: await system.held(), faultEndedAtMs });
}

/** Without an address, that of AWS. */
async function setTables({ setVariables }: Ingestion, address: string | undefined): Promise<void> {
  for (const name of ["ingest", "worker", "redrive"]) await setVariables(name, { AWS_ENDPOINT_URL_DYNAMODB: address });
}

/** What the schedule of recovery does each five minutes; how it ends is for the alarms. */
async function sweep({ lambda, name }: Ingestion): Promise<void> {
  await lambda.send(new InvokeCommand({ FunctionName: name("redrive"), Payload: JSON.stringify({ reliq: "sweep" }) }));
}

async function postSome({ system, load, run }: Scene, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, index) => `${run}-silent-${index}`);
  load.requests.push(...(await Promise.all(ids.map((orderId) => system.post({ orderId, amount: 1 })))));
}

/** A server that takes every connection, and answers none. */
async function startSilence(): Promise<{ readonly url: string; readonly close: () => void }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => open.delete(socket));
    socket.resume();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const close = (): void => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
