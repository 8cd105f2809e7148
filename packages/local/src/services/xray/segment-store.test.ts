import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore, type Store } from "../../kernel/store.ts";
import { newSegmentId, newTraceId } from "../../kernel/trace-header.ts";
import { SCHEMA } from "./schema.ts";
import { readSegment } from "./segment.ts";
import { putSegment, removeOldTraces, segmentsOf } from "./segment-store.ts";

const DAY_MS = 86_400_000;
let directory: string;
let store: Store;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "reliq-xray-"));
  store = openStore(directory);
  store.define(SCHEMA);
});

afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Stores a trace that started at a time, and gives its id. */
async function trace(startMs: number): Promise<string> {
  const traceId = newTraceId(startMs);
  const seconds = startMs / 1_000;
  const fields = { trace_id: traceId, id: newSegmentId(), name: "a", start_time: seconds, end_time: seconds + 1 };
  const segment = readSegment(JSON.stringify({ ...fields, annotations: { message_id: "m" } }));
  if ("refused" in segment) throw new Error(segment.refused);
  await store.transaction(() => putSegment(store, segment, startMs));
  return traceId;
}

function rows(table: string): number {
  return Number(store.statement(`SELECT count(*) AS n FROM ${table}`).get()?.["n"]);
}

test("a trace is kept for 30 days, and goes whole", async () => {
  const old = await trace(0);
  const young = await trace(2 * DAY_MS);
  await store.transaction(() => removeOldTraces(store, 31 * DAY_MS));
  expect(segmentsOf(store, old)).toEqual([]);
  expect(segmentsOf(store, young)).toHaveLength(1);
  expect([rows("xray_trace"), rows("xray_segment"), rows("xray_annotation")]).toEqual([1, 1, 1]);
});

test("of more traces than are kept, the oldest go", async () => {
  const ids = [await trace(1_000), await trace(2_000), await trace(3_000)];
  await store.transaction(() => removeOldTraces(store, 4_000, 2));
  expect(ids.map((id) => segmentsOf(store, id).length)).toEqual([0, 1, 1]);
});
