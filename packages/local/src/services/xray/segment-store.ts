import type { Store } from "../../kernel/store.ts";
import type { Segment } from "./segment.ts";

/** How long traces are kept, ms: as long as X-Ray does (X-Ray quotas, trace data retention: 30 days). */
const KEPT_MS = 30 * 86_400_000;

/** The most traces that are kept: a person's disk is smaller than AWS's. */
const MOST_TRACES = 200_000;

/** Stores a segment, in a transaction of the caller's. What is over replaces what was in progress, never the other way round: they can come in any order. */
export function putSegment(store: Store, segment: Segment, nowMs: number): void {
  const { traceId, id, name, startMs, endMs, fault, error, throttle, annotations, document } = segment;
  store
    .statement(
      `INSERT INTO xray_segment (traceId, id, name, endMs, document) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (traceId, id) DO UPDATE SET name = excluded.name, endMs = excluded.endMs, document = excluded.document
       WHERE excluded.endMs IS NOT NULL OR xray_segment.endMs IS NULL`,
    )
    .run(traceId, id, name, endMs ?? null, document);
  store
    .statement(
      `INSERT INTO xray_trace (traceId, startMs, endMs, storedAt, fault, error, throttle) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (traceId) DO UPDATE SET startMs = min(startMs, excluded.startMs),
         endMs = coalesce(max(endMs, excluded.endMs), endMs, excluded.endMs),
         fault = max(fault, excluded.fault), error = max(error, excluded.error), throttle = max(throttle, excluded.throttle)`,
    )
    .run(traceId, startMs, endMs ?? null, nowMs, Number(fault), Number(error), Number(throttle));
  for (const [annotation, value] of annotations) {
    store
      .statement("INSERT OR IGNORE INTO xray_annotation (name, value, traceId) VALUES (?, ?, ?)")
      .run(annotation, value, traceId);
  }
}

/** The documents of a trace's segments. */
export function segmentsOf(
  store: Store,
  traceId: string,
): readonly { readonly id: string; readonly document: string }[] {
  const rows = store.statement("SELECT id, document FROM xray_segment WHERE traceId = ?").all(traceId);
  return rows.map((row) => ({ id: String(row["id"]), document: String(row["document"]) }));
}

/** Removes traces that are past their time, and the oldest of too many, in a transaction of the caller's. */
export function removeOldTraces(store: Store, nowMs: number, most: number = MOST_TRACES): void {
  const beyond = store.statement("SELECT startMs FROM xray_trace ORDER BY startMs DESC LIMIT 1 OFFSET ?").get(most);
  const before = Math.max(nowMs - KEPT_MS, beyond ? Number(beyond["startMs"]) + 1 : 0);
  const old = "(SELECT traceId FROM xray_trace WHERE startMs < ?)";
  store.statement(`DELETE FROM xray_segment WHERE traceId IN ${old}`).run(before);
  store.statement(`DELETE FROM xray_annotation WHERE traceId IN ${old}`).run(before);
  store.statement("DELETE FROM xray_trace WHERE startMs < ?").run(before);
}
