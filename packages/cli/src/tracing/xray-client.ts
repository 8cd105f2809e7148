import { readSpans, type Span } from "@reliq/core/recovery";
import type { AskedRegion } from "../asked-region.ts";
import { CommandError } from "../command-error.ts";
import { signingRegion, signRequest } from "../sign-request.ts";

/** The most traces of one request (X-Ray API reference, BatchGetTraces). */
const MOST_TRACES = 5;

/** How much time one request asks about, ms: AWS refuses much more than a day. */
const WINDOW_MS = 6 * 3_600_000;

/** A collector of traces: X-Ray, or the local region, which answers as X-Ray does. */
export interface TraceCollector {
  /** The spans of traces. */
  spans(traceIds: readonly string[]): Promise<readonly Span[]>;
  /** The ids of the traces within a time that have an annotation. */
  find(annotation: string, value: string, fromMs: number, toMs: number): Promise<readonly string[]>;
}

/** The collector of a region. */
export function traceCollector({ endpoint, settings }: Pick<AskedRegion, "endpoint" | "settings">): TraceCollector {
  const post = async (path: string, input: object): Promise<Record<string, unknown>> => {
    const base = endpoint ?? `https://xray.${await signingRegion(settings)}.amazonaws.com`;
    const url = new URL(path, base);
    const body = JSON.stringify(input);
    const headers = await signRequest({ url, method: "POST", body, service: "xray", settings });
    const answer = await fetch(url, { method: "POST", headers, body }).catch((cause: unknown) => {
      throw new CommandError(`Nothing answers at ${base}. Is the region up, and the address right?`, { cause });
    });
    const text = await answer.text();
    if (!answer.ok) throw new CommandError(`${base} refused ${path}: ${answer.status} ${text.slice(0, 500)}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
  return {
    spans: async (traceIds) => {
      const found: Span[] = [];
      for (let at = 0; at < traceIds.length; at += MOST_TRACES) {
        found.push(...(await readTraces(post, traceIds.slice(at, at + MOST_TRACES))));
      }
      return found;
    },
    find: async (annotation, value, fromMs, toMs) => {
      const ids = new Set<string>();
      const FilterExpression = `annotation.${annotation} = ${JSON.stringify(value)}`;
      for (let from = fromMs; from < toMs; from += WINDOW_MS) {
        const window = { StartTime: from / 1_000, EndTime: Math.min(from + WINDOW_MS, toMs) / 1_000 };
        for (const id of await findTraces(post, { ...window, FilterExpression })) ids.add(id);
      }
      return [...ids];
    },
  };
}

type Post = (path: string, input: object) => Promise<Record<string, unknown>>;

async function readTraces(post: Post, TraceIds: readonly string[]): Promise<readonly Span[]> {
  const found: Span[] = [];
  let NextToken: unknown;
  do {
    const page = await post("/Traces", { TraceIds, ...(NextToken !== undefined && { NextToken }) });
    const traces = (page["Traces"] ?? []) as { readonly Segments?: readonly { readonly Document: string }[] }[];
    for (const { Segments = [] } of traces) found.push(...Segments.flatMap(({ Document }) => readSpans(Document)));
    NextToken = page["NextToken"] ?? undefined;
  } while (NextToken !== undefined);
  return found;
}

async function findTraces(post: Post, query: object): Promise<readonly string[]> {
  const ids: string[] = [];
  let NextToken: unknown;
  do {
    const page = await post("/TraceSummaries", { ...query, ...(NextToken !== undefined && { NextToken }) });
    ids.push(...((page["TraceSummaries"] ?? []) as { readonly Id: string }[]).map(({ Id }) => Id));
    NextToken = page["NextToken"] ?? undefined;
  } while (NextToken !== undefined);
  return ids;
}
