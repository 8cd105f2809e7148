import type { Clock } from "./kernel/clock.ts";
import { systemClock } from "./kernel/clock.ts";
import { listen } from "./kernel/server.ts";
import type { Members, Service, World } from "./kernel/service.ts";
import { unknownAction } from "./kernel/service-error.ts";
import { openStore } from "./kernel/store.ts";
import { SERVICES } from "./services/index.ts";

/** How to run a region. */
export interface RegionOptions {
  /** The directory of the region's state. It is created where it is missing. */
  readonly stateDirectory: string;
  /** The port on 127.0.0.1; 0 takes a free one. @default 4566 */
  readonly port?: number;
  /** @default "us-east-1" */
  readonly region?: string;
  /** @default the machine's time */
  readonly clock?: Clock;
  /** One line for the person who runs the region. @default console.error */
  readonly report?: (line: string) => void;
}

/** A running region. */
export interface Region {
  /** `http://127.0.0.1:4566`: the endpoint for any AWS SDK or the AWS CLI. */
  readonly endpoint: string;
  /** Calls a service in this process, as a client would. */
  readonly call: World["call"];
  /** Lets running work end, and closes the state. */
  stop(): Promise<void>;
}

/**
 * Starts a region on its state: it goes on where it stopped.
 * @throws StoreError for a state directory that cannot be used; an Error that names the port when it is taken.
 */
export async function startRegion(options: RegionOptions): Promise<Region> {
  const report = options.report ?? console.error;
  const store = openStore(options.stateDirectory, report);
  const services: Service[] = [];
  let endpoint = "";
  const world: World = {
    store,
    clock: options.clock ?? systemClock(),
    accountId: "000000000000",
    region: options.region ?? "us-east-1",
    endpoint: () => endpoint,
    call: (service, action, input, signal) => callService(services, service, action, input, signal),
    report,
  };
  services.push(...SERVICES.map((create) => create(world)));
  try {
    const server = await listen(services, options.port ?? 4566, "127.0.0.1");
    endpoint = `http://127.0.0.1:${server.port}`;
    for (const service of services) await service.start?.();
    return {
      endpoint,
      call: world.call,
      stop: async () => {
        for (const service of services.toReversed()) await service.stop?.();
        await server.close();
        store.close();
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

async function callService(
  services: readonly Service[],
  name: string,
  actionName: string,
  input: Members,
  signal: AbortSignal = new AbortController().signal,
): Promise<Members> {
  const action = services.find((each) => each.name === name)?.actions[actionName];
  if (!action) throw unknownAction(name, actionName);
  return action(input, { requestId: "in-process", signal });
}
