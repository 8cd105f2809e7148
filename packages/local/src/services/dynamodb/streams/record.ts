import { randomUUID } from "node:crypto";
import type { Members, World } from "../../../kernel/service.ts";
import { keyItem } from "../items/key.ts";
import type { Table } from "../tables/table.ts";
import type { Item } from "../values/attribute-value.ts";
import { equal } from "../values/compare.ts";
import { itemBytes } from "../values/size.ts";
import { RETENTION_MS, type Stream, sequenceText } from "./stream.ts";

/** A change of one item, as a stream tells it. */
export interface RecordedChange {
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  /** Whether the item went because it had expired. */
  readonly expired: boolean;
}

/** The most that one GetRecords returns, bytes (API reference, GetRecords). */
const PAGE_BYTES = 1024 * 1024;

/** Records a change in the table's stream, in the transaction that makes it. A write that changes nothing leaves no record. */
export function recordChange(world: World, table: Table, change: RecordedChange): void {
  const { stream } = table.definition;
  if (!stream?.enabled || !isChange(change)) return;
  const nowMs = world.clock.now();
  world.store
    .statement(
      "INSERT INTO dynamodb_stream_record (stream_id, created_at_ms, record) SELECT id, ?, ? FROM dynamodb_stream WHERE table_name = ? AND last_sequence IS NULL",
    )
    .run(nowMs, JSON.stringify(describe(world, table, change, nowMs)), table.name);
}

/** Up to `limit` records of a stream from a sequence number on, at most 1 MB, with the number after the last one read. */
export function readRecords(
  world: World,
  { id }: Stream,
  from: number,
  limit: number,
): { readonly records: readonly Members[]; readonly next: number } {
  const horizonMs = world.clock.now() - RETENTION_MS;
  const records: Members[] = [];
  let [next, bytes] = [from, 0];
  const rows = world.store
    .statement(
      "SELECT sequence, record FROM dynamodb_stream_record WHERE stream_id = ? AND sequence >= ? AND created_at_ms > ? ORDER BY sequence LIMIT ?",
    )
    .iterate(id, from, horizonMs, limit);
  for (const row of rows) {
    const text = String(row["record"]);
    bytes += text.length;
    if (bytes > PAGE_BYTES && records.length > 0) break;
    const sequence = Number(row["sequence"]);
    const record = JSON.parse(text) as { readonly dynamodb: Members };
    records.push({ ...record, dynamodb: { ...record.dynamodb, SequenceNumber: sequenceText(sequence) } });
    next = sequence + 1;
  }
  return { records, next };
}

function isChange({ before, after }: RecordedChange): boolean {
  if (!before || !after) return before !== after;
  return !equal({ M: before }, { M: after });
}

function describe(world: World, table: Table, { before, after, expired }: RecordedChange, nowMs: number): Members {
  const viewType = table.definition.stream?.viewType ?? "KEYS_ONLY";
  const keys = keyItem(table, after ?? before ?? {});
  const images = {
    ...(after && viewType.startsWith("NEW") && { NewImage: after }),
    ...(before && viewType.includes("OLD") && { OldImage: before }),
  };
  const sizes = [keys, ...Object.values(images)].map((each) => itemBytes(each as Item));
  return {
    eventID: randomUUID().replaceAll("-", ""),
    eventName: before ? (after ? "MODIFY" : "REMOVE") : "INSERT",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: world.region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(nowMs / 1000),
      Keys: keys,
      ...images,
      SizeBytes: sizes.reduce((sum, each) => sum + each, 0),
      StreamViewType: viewType,
    },
    ...(expired && { userIdentity: { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" } }),
  };
}
