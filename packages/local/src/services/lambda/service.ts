import { join, resolve } from "node:path";
import { createActivity } from "../../kernel/activity.ts";
import type { Action, Service, World } from "../../kernel/service.ts";
import { startPool } from "../../runtime/pool.ts";
import { startWatchdog } from "../../runtime/watchdog.ts";
import { createEventSourceMapping } from "./actions/create-event-source-mapping.ts";
import { createFunction } from "./actions/create-function.ts";
import { deleteEventSourceMapping } from "./actions/delete-event-source-mapping.ts";
import { deleteFunction } from "./actions/delete-function.ts";
import { deleteFunctionConcurrency } from "./actions/delete-function-concurrency.ts";
import { deleteFunctionEventInvokeConfig } from "./actions/delete-function-event-invoke-config.ts";
import { getEventSourceMapping } from "./actions/get-event-source-mapping.ts";
import { getFunction } from "./actions/get-function.ts";
import { getFunctionConcurrency } from "./actions/get-function-concurrency.ts";
import { getFunctionConfiguration } from "./actions/get-function-configuration.ts";
import { getFunctionEventInvokeConfig } from "./actions/get-function-event-invoke-config.ts";
import { invoke } from "./actions/invoke.ts";
import { listEventSourceMappings } from "./actions/list-event-source-mappings.ts";
import { listFunctions } from "./actions/list-functions.ts";
import { listInvocations } from "./actions/list-invocations.ts";
import { putFunctionConcurrency } from "./actions/put-function-concurrency.ts";
import { putFunctionEventInvokeConfig } from "./actions/put-function-event-invoke-config.ts";
import { updateEventSourceMapping } from "./actions/update-event-source-mapping.ts";
import { updateFunctionCode } from "./actions/update-function-code.ts";
import { updateFunctionConfiguration } from "./actions/update-function-configuration.ts";
import { createSources } from "./event-sources/sources.ts";
import { removeUnusedCode } from "./functions/function-code.ts";
import { allFunctions } from "./functions/function-table.ts";
import { createEventQueue } from "./invocations/event-queue.ts";
import { createFunctionLog } from "./invocations/function-log.ts";
import { closeInterrupted, removeOldInvocations } from "./invocations/invocation-table.ts";
import { createInvoker } from "./invocations/invoker.ts";
import type { Lambda } from "./lambda.ts";
import { eventInvokeConfigProvider } from "./resources/event-invoke-config.ts";
import { eventSourceMappingProvider } from "./resources/event-source-mapping.ts";
import { functionProvider } from "./resources/function.ts";
import { lambdaRoutes } from "./routes.ts";
import { SCHEMA } from "./schema.ts";

/** How long running invocations may go on once the region stops, ms; then they are ended, and their messages come back. */
const DRAIN_LIMIT_MS = 10_000;

/** How often notes of invocations that are past their age are removed, ms. */
const CLEANING_MS = 600_000;

const LATEST_ONLY = "`$LATEST` only: there are no versions and no aliases";
const FROM_ASSEMBLIES = "always refused: functions and their code come with a cloud assembly";

const PARTLY: Readonly<Record<string, string>> = {
  CreateEventSourceMapping: "no event filters; from SQS and DynamoDB streams, without tumbling windows",
  CreateFunction: FROM_ASSEMBLIES,
  DeleteFunction: LATEST_ONLY,
  DeleteFunctionEventInvokeConfig: LATEST_ONLY,
  GetFunction: `${LATEST_ONLY}; the code's location is a directory of this machine`,
  GetFunctionConfiguration: LATEST_ONLY,
  GetFunctionEventInvokeConfig: LATEST_ONLY,
  Invoke: LATEST_ONLY,
  PutFunctionEventInvokeConfig: `${LATEST_ONLY}; destinations are standard queues`,
  UpdateEventSourceMapping: "no event filters, no tumbling windows; a mapping stays with its function",
  UpdateFunctionCode: FROM_ASSEMBLIES,
  UpdateFunctionConfiguration: "no layers, file systems, images, SnapStart, VPC or size of ephemeral storage",
};

/** AWS Lambda: Node.js functions, each environment a process of its own. */
export function lambdaService(world: World): Service {
  const { store, clock } = world;
  store.define(SCHEMA);
  const activity = createActivity();
  const log = createFunctionLog(world, activity);
  const watchdog = startWatchdog();
  const surroundings = () => ({
    region: world.region,
    endpoint: world.endpoint(),
    compileCacheDirectory: resolve(join(store.directory, "compile-cache")),
    xrayAddress: world.traces.daemonAddress,
  });
  const pool = startPool({ surroundings, clock, watchdog, log: log.write });
  const invoker = createInvoker(world, pool, activity);
  const lambda: Lambda = {
    world,
    pool,
    invoker,
    events: createEventQueue(world, invoker, activity),
    sources: createSources({ world, invoker, activity }),
  };
  const actions = actionsOf(lambda);
  let cancelCleaning = (): void => {};
  const clean = async (): Promise<void> => {
    cancelCleaning = clock.at(clock.now() + CLEANING_MS, () => void clean());
    // A store that cannot be written has reported it; the next round tries again.
    await removeOldInvocations(world).catch(() => {});
  };
  return {
    name: "lambda",
    actions,
    partly: PARTLY,
    underWay: activity.underWay,
    rest: { routes: lambdaRoutes(actions), errors: "json" },
    resources: {
      "AWS::Lambda::EventInvokeConfig": eventInvokeConfigProvider(lambda),
      "AWS::Lambda::EventSourceMapping": eventSourceMappingProvider(lambda),
      "AWS::Lambda::Function": functionProvider(lambda),
    },
    start: async () => {
      removeUnusedCode(store.directory, new Set(allFunctions(store).map((record) => record.codeHash)));
      await closeInterrupted(world);
      await clean();
      lambda.events.resume();
      lambda.sources.start();
    },
    stop: async () => {
      cancelCleaning();
      const cancelDraining = clock.at(clock.now() + DRAIN_LIMIT_MS, () => void pool.stop());
      await Promise.all([lambda.sources.stop(), lambda.events.stop(), invoker.rest()]);
      cancelDraining();
      await pool.stop();
      await log.flush();
      watchdog.stop();
    },
  };
}

function actionsOf(lambda: Lambda): Record<string, Action> {
  return {
    CreateEventSourceMapping: createEventSourceMapping(lambda),
    CreateFunction: createFunction(),
    DeleteEventSourceMapping: deleteEventSourceMapping(lambda),
    DeleteFunction: deleteFunction(lambda),
    DeleteFunctionConcurrency: deleteFunctionConcurrency(lambda),
    DeleteFunctionEventInvokeConfig: deleteFunctionEventInvokeConfig(lambda),
    GetEventSourceMapping: getEventSourceMapping(lambda),
    GetFunction: getFunction(lambda),
    GetFunctionConcurrency: getFunctionConcurrency(lambda),
    GetFunctionConfiguration: getFunctionConfiguration(lambda),
    GetFunctionEventInvokeConfig: getFunctionEventInvokeConfig(lambda),
    Invoke: invoke(lambda),
    ListEventSourceMappings: listEventSourceMappings(lambda),
    ListFunctions: listFunctions(lambda),
    PutFunctionConcurrency: putFunctionConcurrency(lambda),
    PutFunctionEventInvokeConfig: putFunctionEventInvokeConfig(lambda),
    ReliqListInvocations: listInvocations(lambda),
    UpdateEventSourceMapping: updateEventSourceMapping(lambda),
    UpdateFunctionCode: updateFunctionCode(),
    UpdateFunctionConfiguration: updateFunctionConfiguration(lambda),
  };
}
