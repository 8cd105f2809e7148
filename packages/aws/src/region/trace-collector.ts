import { paginateBatchGetTraces, paginateGetTraceSummaries, type XRayClient } from "@aws-sdk/client-xray";
import { chunks } from "@reliq/core";
import { readSpans, type Span } from "@reliq/core/recovery";

/** The most traces of one request (X-Ray API reference, BatchGetTraces). */
const MOST_TRACES = 5;

/** How much time one request asks about, ms: AWS refuses much more than a day. */
const WINDOW_MS = 6 * 3_600_000;

/** How many such requests are under way at once. */
const WINDOWS_AT_ONCE = 4;

/** A collector of traces: X-Ray, or the local region, which answers as X-Ray does. */
export interface TraceCollector {
  /** The spans of traces. */
  spans(traceIds: readonly string[]): Promise<readonly Span[]>;
  /** The ids of the traces within a time that have an annotation. */
  find(annotation: string, value: string, fromMs: number, toMs: number): Promise<readonly string[]>;
}

/** The collector that an X-Ray client asks. */
export function traceCollector(client: XRayClient): TraceCollector {
  return {
    spans: async (traceIds) => {
      const found: Span[] = [];
      for (const TraceIds of chunks(traceIds, MOST_TRACES)) {
        for await (const { Traces = [] } of paginateBatchGetTraces({ client }, { TraceIds })) {
          const segments = Traces.flatMap(({ Segments = [] }) => Segments);
          found.push(...segments.flatMap(({ Document = "" }) => readSpans(Document)));
        }
      }
      return found;
    },
    find: async (annotation, value, fromMs, toMs) => {
      const ids = new Set<string>();
      const FilterExpression = `annotation.${annotation} = ${JSON.stringify(value)}`;
      const findIn = async (from: number): Promise<void> => {
        const time = { StartTime: new Date(from), EndTime: new Date(Math.min(from + WINDOW_MS, toMs)) };
        for await (const page of paginateGetTraceSummaries({ client }, { ...time, FilterExpression })) {
          for (const { Id } of page.TraceSummaries ?? []) if (Id !== undefined) ids.add(Id);
        }
      };
      const windows = Array.from(
        { length: Math.ceil((toMs - fromMs) / WINDOW_MS) },
        (_, at) => fromMs + at * WINDOW_MS,
      );
      for (const some of chunks(windows, WINDOWS_AT_ONCE)) await Promise.all(some.map(findIn));
      return [...ids];
    },
  };
}
