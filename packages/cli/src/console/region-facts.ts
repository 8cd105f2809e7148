import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { XRayClient } from "@aws-sdk/client-xray";
import {
  FLOW_TYPES,
  flowOf,
  readAlarms,
  readDashboards,
  readMetrics,
  readTrace,
  traceCollector,
} from "@reliq/aws/region";
import type { Delivery, OutboxPage, RegionFacts } from "@reliq/console";
import { type MetricRequest, type Role, SEES_PERSONAL, type TraceRequest } from "@reliq/core/recovery";
import { clientSettings } from "../client-settings.ts";
import { apisOf, localCredentials } from "../recovery-client.ts";
import { callRegion, deployedResources, regionStatus } from "../region-client.ts";
import { readGameDay, readGameDays } from "./read-game-days.ts";
import { type Answer, json } from "./send-answer.ts";

/** Reads one kind of facts. */
type Reader = (query: URLSearchParams, body: string | undefined) => Promise<unknown>;

function readersOf(endpoint: string, role: Role): Readonly<Record<string, Reader>> {
  const cloudwatch = new CloudWatchClient(clientSettings(endpoint));
  const collector = traceCollector(new XRayClient(clientSettings(endpoint)));
  return {
    "GET /api/region/alarms": () => readAlarms(cloudwatch),
    "GET /api/region/dashboards": () => readDashboards(cloudwatch),
    "GET /api/region/flow": async () => flowOf(await deployedResources(endpoint, FLOW_TYPES)),
    "GET /api/region/gameday": (query) => readGameDay(query),
    "GET /api/region/gamedays": () => readGameDays(),
    "GET /api/region/outbox": (query) => readOutbox(endpoint, query),
    "POST /api/region/metrics": (_, body = "{}") => readMetrics(cloudwatch, JSON.parse(body) as MetricRequest),
    "POST /api/region/trace": async (_, body = "{}") => {
      const nowMs = Date.parse((await regionStatus(endpoint)).now);
      return readTrace(collector, JSON.parse(body) as TraceRequest, { nowMs, masked: role !== SEES_PERSONAL });
    },
  };
}

/** Answers what the console asks of the region itself; all of it only reads. */
export function regionFacts(
  endpoint: string,
  role: Role,
): (method: string, path: string, query: URLSearchParams, body: string | undefined) => Promise<Answer> {
  const readers = readersOf(endpoint, role);
  return async (method, path, query, body) => {
    if (method === "GET" && path === "/api/region") return json(await readRegionFacts(endpoint, role));
    const reader = readers[`${method} ${path}`];
    if (reader) return json(await reader(query, body));
    return json({ code: "path-unknown", message: `The console's API has no ${method} ${path}.` }, 404);
  };
}

async function readRegionFacts(endpoint: string, role: Role): Promise<RegionFacts> {
  const { version, stacks } = await regionStatus(endpoint);
  const withApi = new Set(apisOf(stacks).map(({ stack }) => stack));
  return {
    endpoint,
    version,
    role,
    user: localCredentials().accessKeyId,
    systems: stacks.map(({ name, resources }) => ({
      name,
      resources,
      hasApi: withApi.has(name),
    })),
  };
}

interface ListedOutbox {
  readonly Entries: readonly {
    readonly Id: string;
    readonly Kind: string;
    readonly To: string;
    readonly Subject?: string;
    readonly Body: string;
    readonly TopicArn?: string;
    readonly SentAt: string;
  }[];
  readonly NextToken?: string;
}

async function readOutbox(endpoint: string, query: URLSearchParams): Promise<OutboxPage> {
  const before = query.get("before");
  const listed = await callRegion<ListedOutbox>(endpoint, "AmazonSNS.ReliqListOutbox", {
    Limit: 20,
    ...(before !== null && { NextToken: before }),
  });
  const entries = listed.Entries.map(
    ({ Id, Kind, To, Subject, Body, TopicArn, SentAt }): Delivery => ({
      id: Id,
      kind: Kind,
      to: To,
      body: Body,
      sentAt: SentAt,
      ...(Subject !== undefined && { subject: Subject }),
      ...(TopicArn !== undefined && { topic: TopicArn.slice(TopicArn.lastIndexOf(":") + 1) }),
    }),
  );
  return { entries, ...(listed.NextToken !== undefined && { next: listed.NextToken }) };
}
