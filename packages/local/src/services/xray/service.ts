import { parseJson } from "../../kernel/protocol/aws-json.ts";
import type { RestRoute } from "../../kernel/protocol/rest.ts";
import type { Action, Members, Service, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import { type Collector, createCollector } from "./collector.ts";
import { type Daemon, startDaemon } from "./daemon.ts";
import { findTraces } from "./find-traces.ts";
import { SCHEMA } from "./schema.ts";
import { traceIdOf } from "./segment.ts";
import { removeOldTraces, segmentsOf } from "./segment-store.ts";

/** How often traces past their time are removed, ms. */
const CLEANING_MS = 3_600_000;

/** The most documents and the most traces of one request (X-Ray API reference). */
const MOST_DOCUMENTS = 50;
const MOST_TRACES = 5;

/** Each action's path; all are POST (X-Ray API reference). */
const PATHS: Readonly<Record<string, string>> = {
  BatchGetTraces: "/Traces",
  GetTraceSummaries: "/TraceSummaries",
  PutTraceSegments: "/TraceSegments",
};

/** AWS X-Ray: the collector of spans. */
export function xrayService(world: World): Service {
  const { store, clock, traces } = world;
  store.define(SCHEMA);
  const collector = createCollector(world);
  const actions = actionsOf(world, collector);
  let daemon: Daemon | undefined;
  let cancelCleaning = (): void => {};
  const clean = async (): Promise<void> => {
    cancelCleaning = clock.at(clock.now() + CLEANING_MS, () => void clean());
    // A store that cannot be written has reported it; the next round tries again.
    await store.transaction(() => removeOldTraces(store, clock.now())).catch(() => {});
  };
  return {
    name: "xray",
    actions,
    partly: {
      BatchGetTraces: "subsegments that were sent alone are shown alone; every trace in one page",
      GetTraceSummaries:
        'annotations with =, `service("…")`, `fault`, `error`, `throttle` and `ok`, joined by AND; by the time of the trace\'s start; without users, services and annotations',
    },
    rest: { routes: Object.entries(PATHS).map(([action, path]) => route(actions, action, path)), errors: "json" },
    start: async () => {
      daemon = await startDaemon((document) => collector.take(document));
      traces.daemonAddress = daemon.address;
      await clean();
    },
    stop: async () => {
      cancelCleaning();
      daemon?.close();
      await collector.flush();
    },
  };
}

function actionsOf(world: World, collector: Collector): Record<string, Action> {
  return {
    BatchGetTraces: async (input) => {
      await collector.flush();
      return getTraces(world, input);
    },
    GetTraceSummaries: async (input) => {
      await collector.flush();
      return findTraces(world, input);
    },
    PutTraceSegments: async (input) => {
      const documents = texts(input, "TraceSegmentDocuments", MOST_DOCUMENTS);
      const refused = documents.flatMap((document) => {
        const refusal = collector.take(document);
        return refusal ? [{ Id: refusal.id, ErrorCode: refusal.refused, Message: refusal.refused }] : [];
      });
      await collector.flush();
      return { UnprocessedTraceSegments: refused };
    },
  };
}

function getTraces({ store }: World, input: Members): Members {
  const ids = texts(input, "TraceIds", MOST_TRACES);
  const found = ids.map((id) => ({ id, segments: segmentsOf(store, traceIdOf(id)) }));
  return {
    Traces: found
      .filter(({ segments }) => segments.length > 0)
      .map(({ id, segments }) => ({
        Id: traceIdOf(id),
        LimitExceeded: false,
        Segments: segments.map(({ id: Id, document }) => ({ Id, Document: document })),
      })),
    UnprocessedTraceIds: [],
  };
}

function texts(input: Members, name: string, most: number): readonly string[] {
  const value = input[name];
  if (Array.isArray(value) && value.length <= most && value.every((each) => typeof each === "string")) return value;
  throw new ServiceError("InvalidRequestException", `${name} must be a list of at most ${most} texts.`);
}

function route(actions: Readonly<Record<string, Action>>, action: string, path: string): RestRoute {
  return {
    method: "POST",
    path,
    action,
    handle: async ({ body }, context) => {
      const output = await actions[action]?.(parseJson(body), context);
      return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(output) };
    },
  };
}
