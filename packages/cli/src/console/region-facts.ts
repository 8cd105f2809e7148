import type { Delivery, OutboxPage, RegionFacts } from "@reliq/console";
import type { Role } from "@reliq/core/recovery";
import { apisOf, localCredentials } from "../recovery-client.ts";
import { callRegion, regionStatus } from "../region-client.ts";
import { readAlarms, readDashboards, readMetrics } from "./cloudwatch-facts.ts";
import { readFlow } from "./read-flow.ts";
import { readGameDay, readGameDays } from "./read-game-days.ts";
import { readTrace } from "./read-trace.ts";
import { type Answer, json } from "./send-answer.ts";

/** Reads one kind of facts. */
type Reader = (endpoint: string, query: URLSearchParams, body: string | undefined) => Promise<unknown>;

const READERS: Readonly<Record<string, Reader>> = {
  "GET /api/region/alarms": readAlarms,
  "GET /api/region/dashboards": readDashboards,
  "GET /api/region/flow": readFlow,
  "GET /api/region/gameday": readGameDay,
  "GET /api/region/gamedays": readGameDays,
  "GET /api/region/outbox": readOutbox,
  "GET /api/region/trace": readTrace,
  "POST /api/region/metrics": readMetrics,
};

/** Answers what the console asks of the region itself; all of it only reads. */
export function regionFacts(
  endpoint: string,
  role: Role,
): (method: string, path: string, query: URLSearchParams, body: string | undefined) => Promise<Answer> {
  return async (method, path, query, body) => {
    if (method === "GET" && path === "/api/region") return json(await readRegionFacts(endpoint, role));
    const reader = READERS[`${method} ${path}`];
    if (reader) return json(await reader(endpoint, query, body));
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
