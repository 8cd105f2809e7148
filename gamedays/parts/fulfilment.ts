import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Stage } from "reliq/gameday";
import { type Scene, setScene } from "./scene.ts";

/** The service behind the worker, which counts how often it was asked for each order. */
export interface Fulfilment {
  readonly url: string;
  readonly calls: ReadonlyMap<string, number>;
  readonly close: () => Promise<void>;
}

/** Sets a scene with a service behind the worker that takes each order after a time, milliseconds: in a region of its own; elsewhere there is whatever was deployed. */
export async function withFulfilment<T>(
  stage: Stage,
  name: string,
  takesMs: number,
  work: (scene: Scene, fulfilment: Fulfilment | undefined) => Promise<T>,
): Promise<T> {
  if (stage.regionPid === undefined) return work(await setScene(stage, name), undefined);
  const fulfilment = await startFulfilment(takesMs);
  try {
    const scene = await setScene(stage, name, (system) =>
      system.setVariables("worker", { FULFILMENT_URL: fulfilment.url }),
    );
    return await work(scene, fulfilment);
  } finally {
    await fulfilment.close();
  }
}

async function startFulfilment(takesMs: number): Promise<Fulfilment> {
  const calls = new Map<string, number>();
  const server = createServer(async (request, answer) => {
    const key = decodeURIComponent(String(request.headers["idempotency-key"] ?? ""));
    calls.set(key, (calls.get(key) ?? 0) + 1);
    request.resume();
    if (takesMs > 0) await wait(takesMs);
    answer.writeHead(200).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls, close };
}
