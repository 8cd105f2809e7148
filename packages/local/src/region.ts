import { adminService } from "./admin.ts";
import type { Deployment } from "./assembly/deploy.ts";
import { deployedResources } from "./assembly/deployed-resources.ts";
import { createDeployments, type Deployments } from "./assembly/deployments.ts";
import { createJumps, type Jump, type JumpRequest } from "./jumps.ts";
import { createActivity } from "./kernel/activity.ts";
import type { Clock } from "./kernel/clock.ts";
import { systemClock } from "./kernel/clock.ts";
import { openRegionTime, type RegionTime } from "./kernel/region-time.ts";
import { type Endpoint, listen } from "./kernel/server.ts";
import type { Members, Service, World } from "./kernel/service.ts";
import { unknownAction } from "./kernel/service-error.ts";
import { createServiceMetrics } from "./kernel/service-metrics.ts";
import { openStore, type Store } from "./kernel/store.ts";
import { callTracer } from "./kernel/trace-calls.ts";
import { createTraces } from "./kernel/traces.ts";
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
  /** Other regions, each a process of its own, in which tables can have replicas: where they answer, by name. @default none */
  readonly peers?: Readonly<Record<string, string>>;
  /** @default the machine's time */
  readonly clock?: Clock;
  /** Whether the region's time can jump; a region that has jumped stays ahead, also without this. @default false */
  readonly jumps?: boolean;
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
  /**
   * Sets the region's time ahead, for all services and functions, once nothing runs: no invocation, no deployment, no request but long polls.
   * @throws ServiceError that says why it has not: jumps are off, or what still runs.
   */
  jump(request: JumpRequest): Promise<Jump>;
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
  const { store, time } = openState(options, report);
  const services: Service[] = [];
  let server: Endpoint | undefined;
  const world: World = {
    store,
    clock: time.clock,
    metrics: createServiceMetrics(time.clock),
    traces: createTraces(time.clock),
    accountId: "000000000000",
    region: options.region ?? "us-east-1",
    peers: options.peers ?? {},
    endpoint: () => `http://127.0.0.1:${server?.port}`,
    call: (service, action, input, signal, traceHeader) =>
      callService(services, service, action, input, signal, traceHeader),
    report,
  };
  const { promise: stopped, resolve: end } = Promise.withResolvers<void>();
  let deployments: Deployments | undefined;
  const stopping = new AbortController();
  const stop = (): Promise<void> => {
    if (!stopping.signal.aborted) end(shutDown(services, server, world, deployments));
    stopping.abort();
    return stopped;
  };
  const activity = createActivity();
  const started = activity.begin("the start of the region");
  try {
    services.push(...SERVICES.map((create) => create(world)));
    deployments = createDeployments(world, services);
    const status = createStatus(world, time, services, deployments);
    const parts = [activity, deployments, ...services];
    const jumps = createJumps(time, () => [...parts, server].flatMap((part) => part?.underWay?.() ?? []));
    services.unshift(adminService({ status, resources: deployedResources(world), deployments, jumps, stop }));
    server = await listen(services, options.port ?? 4566, "127.0.0.1", callTracer(world));
    if (options.assembly !== undefined) await deployments.deploy(options.assembly);
    for (const service of services) await service.start?.();
    started();
    const jump = (request: JumpRequest): Promise<Jump> => jumps(request, stopping.signal);
    return { endpoint: world.endpoint(), call: world.call, deploy: deployments.deploy, status, jump, stop, stopped };
  } catch (error) {
    await stop();
    throw error;
  }
}

function openState(
  { stateDirectory, clock = systemClock(), jumps = false }: RegionOptions,
  report: (line: string) => void,
): { store: Store; time: RegionTime } {
  const store = openStore(stateDirectory, report);
  try {
    return { store, time: openRegionTime(store, clock, jumps) };
  } catch (error) {
    store.close();
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
  traceHeader?: string,
): Promise<Members> {
  const action = services.find((each) => each.name === name)?.actions[actionName];
  if (!action) throw unknownAction(name, actionName);
  return action(input, { requestId: "in-process", signal, traceHeader });
}
