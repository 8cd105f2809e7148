import { adminService } from "./admin.ts";
import type { Deployment } from "./assembly/deploy.ts";
import { createDeployments, type Deployments } from "./assembly/deployments.ts";
import type { Clock } from "./kernel/clock.ts";
import { systemClock } from "./kernel/clock.ts";
import { type Endpoint, listen } from "./kernel/server.ts";
import type { Members, Service, World } from "./kernel/service.ts";
import { unknownAction } from "./kernel/service-error.ts";
import { openStore } from "./kernel/store.ts";
import { createStatus, type RegionStatus } from "./region-status.ts";
import { SERVICES } from "./services/index.ts";

/** How to run a region. */
export interface RegionOptions {
  /** The directory of the region's state. It is created where it is missing. */
  readonly stateDirectory: string;
  /** The port on 127.0.0.1; 0 takes a free one. @default 4566 */
  readonly port?: number;
  /** A synthesized cloud assembly (`cdk.out`), which is deployed before background work goes on. @default what was deployed before */
  readonly assembly?: string;
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
  /**
   * Brings the running region to what a cloud assembly says, and keeps the data.
   * @throws DefinitionError that says in one line where, why, and what to do.
   */
  deploy(assemblyDirectory: string): Promise<Deployment>;
  status(): RegionStatus;
  /** Lets running work end, and closes the state; calling it again gives the same end. */
  stop(): Promise<void>;
  /** Resolves when the region has stopped, whoever stopped it. */
  readonly stopped: Promise<void>;
}

/**
 * Starts a region on its state: it goes on where it stopped.
 * @throws StoreError for a state directory that cannot be used; an Error that names the port when it is taken; DefinitionError for
 * an assembly that cannot be run.
 */
export async function startRegion(options: RegionOptions): Promise<Region> {
  const report = options.report ?? console.error;
  const store = openStore(options.stateDirectory, report);
  const services: Service[] = [];
  let server: Endpoint | undefined;
  const world: World = {
    store,
    clock: options.clock ?? systemClock(),
    accountId: "000000000000",
    region: options.region ?? "us-east-1",
    endpoint: () => `http://127.0.0.1:${server?.port}`,
    call: (service, action, input, signal) => callService(services, service, action, input, signal),
    report,
  };
  const { promise: stopped, resolve: end } = Promise.withResolvers<void>();
  let deployments: Deployments | undefined;
  let stopping = false;
  const stop = (): Promise<void> => {
    if (!stopping) end(shutDown(services, server, world, deployments));
    stopping = true;
    return stopped;
  };
  try {
    services.push(...SERVICES.map((create) => create(world)));
    deployments = createDeployments(world, services);
    const status = createStatus(world, services, deployments);
    services.unshift(adminService({ status, deployments, stop }));
    server = await listen(services, options.port ?? 4566, "127.0.0.1");
    if (options.assembly !== undefined) await deployments.deploy(options.assembly);
    for (const service of services) await service.start?.();
    return { endpoint: world.endpoint(), call: world.call, deploy: deployments.deploy, status, stop, stopped };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function shutDown(
  services: readonly Service[],
  server: Endpoint | undefined,
  { store, report }: World,
  deployments: Deployments | undefined,
): Promise<void> {
  await deployments?.settled();
  for (const service of services.toReversed()) {
    await service.stop?.().catch((error: unknown) => report(`Stopping ${service.name} failed: ${String(error)}`));
  }
  await server?.close();
  store.close();
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
