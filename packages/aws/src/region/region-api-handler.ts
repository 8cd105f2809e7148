import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { SQSClient } from "@aws-sdk/client-sqs";
import { XRayClient } from "@aws-sdk/client-xray";
import { ReliqError } from "@reliq/core";
import {
  type DeployedSystem,
  type MetricRequest,
  type RegionFlow,
  type Role,
  SEES_PERSONAL,
  type TraceRequest,
} from "@reliq/core/recovery";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { accessFromEnvironment, callerOf, mayAct } from "../api/api-access.ts";
import { type ApiHandler, apiHandler, pathOf, readBody } from "../api/http.ts";
import { CLIENT_SETTINGS } from "../client-settings.ts";
import { needText } from "../environment.ts";
import { logLines } from "../log-lines.ts";
import { readAlarms, readDashboards, readMetrics } from "./cloudwatch-facts.ts";
import { alarmNames, regionCounter } from "./count-region.ts";
import type { DeployedResource } from "./deployed-resource.ts";
import { flowOf } from "./flow.ts";
import { readTrace } from "./message-trace.ts";
import { stackResources } from "./stack-resources.ts";
import { traceCollector } from "./trace-collector.ts";

/** How long what is deployed is taken for true, milliseconds. */
const DEPLOYED_MS = 60_000;

/** The latest time that there is, milliseconds (ECMAScript, "Time Values and Time Range"). */
const LATEST_MS = 8.64e15;

/** The stacks of each system that is shown, by its name. */
type Systems = Readonly<Record<string, readonly string[]>>;

/** What one request is answered by. */
type Reader = (body: unknown, role: Role) => Promise<unknown>;

/**
 * Makes the function of a Console that tells of the region what recovery's API does not know: how messages flow through the stacks of the systems that it shows, what their
 * queues hold, their alarms and dashboards, and the way of a message. It reads, and changes nothing; whoever the API's authorizer lets in may ask. `RELIQ_SYSTEMS` names the stacks: `{"shop":["Shop"]}`.
 */
export function regionApiHandler(): ApiHandler {
  const systems = JSON.parse(needText(process.env, "RELIQ_SYSTEMS", "the stacks of each system", "Console")) as Systems;
  const access = accessFromEnvironment();
  const cloudwatch = new CloudWatchClient(CLIENT_SETTINGS);
  const collector = traceCollector(new XRayClient(CLIENT_SETTINGS));
  const deployed = resourcesReader(systems);
  const count = regionCounter({ cloudwatch, sqs: new SQSClient(CLIENT_SETTINGS) });
  const readers: Readonly<Record<string, Reader>> = {
    "GET /alarms": async () => readAlarms(cloudwatch, alarmNames(await deployed())),
    "GET /dashboards": async () => readDashboards(cloudwatch, dashboardNames(await deployed())),
    "GET /flow": async () => namedFlow(await deployed(), systems),
    "GET /live": async () => count(await deployed()),
    "GET /systems": async () => countSystems(await deployed(), systems),
    "POST /metrics": async (body) => readMetrics(cloudwatch, metricRequest(body)),
    "POST /trace": async (body, role) =>
      readTrace(collector, traceRequest(body), { nowMs: Date.now(), masked: !mayAct(role, SEES_PERSONAL) }),
  };
  const serve = async (event: APIGatewayProxyEventV2): Promise<unknown> => {
    const { role } = callerOf(event, access);
    const { method } = event.requestContext.http;
    const path = pathOf(event);
    const reader = readers[`${method} ${path}`];
    if (!reader) throw new ReliqError("path-unknown", `There is no ${method} ${path} in this API.`);
    return reader(method === "POST" ? readBody(event) : undefined, role);
  };
  return apiHandler(serve, logLines());
}

function resourcesReader(systems: Systems): () => Promise<readonly DeployedResource[]> {
  const client = new CloudFormationClient(CLIENT_SETTINGS);
  let known: { readonly resources: Promise<readonly DeployedResource[]>; readonly untilMs: number } | undefined;
  return () => {
    if (!known || known.untilMs <= Date.now()) {
      const stacks = [...new Set(Object.values(systems).flat())];
      const reading = { resources: stackResources(client, stacks), untilMs: Date.now() + DEPLOYED_MS };
      reading.resources.catch(() => (known = undefined));
      known = reading;
    }
    return known.resources;
  };
}

/** A flow whose nodes name their systems in place of their stacks. */
function namedFlow(resources: readonly DeployedResource[], systems: Systems): RegionFlow {
  const { nodes, edges } = flowOf(resources);
  const named = new Map(resources.map(({ stack }) => [stack, systemOf(stack, systems)]));
  return { nodes: nodes.map((node) => ({ ...node, system: named.get(node.system) ?? node.system })), edges };
}

function systemOf(stack: string, systems: Systems): string {
  return Object.entries(systems).find(([, stacks]) => stacks.includes(stack))?.[0] ?? stack;
}

function countSystems(resources: readonly DeployedResource[], systems: Systems): readonly DeployedSystem[] {
  return Object.entries(systems).map(([name, stacks]) => ({
    name,
    resources: resources.filter(({ stack }) => stacks.includes(stack)).length,
  }));
}

function dashboardNames(resources: readonly DeployedResource[]): readonly string[] {
  return resources.filter(({ type, ref }) => type === "AWS::CloudWatch::Dashboard" && ref !== "").map(({ ref }) => ref);
}

function metricRequest(body: unknown): MetricRequest {
  const { fromMs, toMs, queries } = (body ?? {}) as Partial<MetricRequest>;
  const isTime = [fromMs, toMs].every((ms) => typeof ms === "number" && Math.abs(ms) <= LATEST_MS);
  // Metric math can call functions of the account; nothing that a page draws does.
  const calls = /\bLAMBDA\s*\(/i.test(JSON.stringify(queries ?? []));
  if (isTime && !calls && Array.isArray(queries)) return { fromMs: Number(fromMs), toMs: Number(toMs), queries };
  const message =
    "The body takes `fromMs` and `toMs`, milliseconds since the Unix epoch, and a list of `queries` that call no LAMBDA.";
  throw new ReliqError("input", message, { cause: { field: "body" } });
}

function traceRequest(body: unknown): TraceRequest {
  const { failure, attempts } = (body ?? {}) as Partial<TraceRequest>;
  const times = [failure?.sentAtMs, failure?.updatedAtMs, failure?.diedAtMs];
  const isFailure =
    typeof failure?.lineage === "string" && times.every(Number.isFinite) && failure.reason !== undefined;
  if (failure && isFailure && Array.isArray(failure.attempts) && Array.isArray(attempts)) return { failure, attempts };
  const message = "The body takes a `failure`, as recovery's API gives it, and a list of its `attempts`.";
  throw new ReliqError("input", message, { cause: { field: "body" } });
}
