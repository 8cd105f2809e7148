import type { World } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import type { KeySchemaElement, StreamViewType, TableDefinition } from "../tables/table.ts";

/** How long records can be read, milliseconds (developer guide, "Change data capture for DynamoDB Streams": 24 hours). */
export const RETENTION_MS: number = 24 * 60 * 60 * 1000;

/** One stream of a table. Here it has one shard, which orders the records of every key. */
export interface Stream {
  readonly id: number;
  readonly arn: string;
  readonly tableName: string;
  readonly label: string;
  readonly viewType: StreamViewType;
  readonly keySchema: readonly KeySchemaElement[];
  readonly createdAtMs: number;
  readonly firstSequence: number;
  /** The last sequence number of a stream that was disabled, or whose table was deleted. */
  readonly lastSequence: number | undefined;
}

/** Begins to record the changes of a table whose definition has a new stream. */
export function openStream(world: World, { TableName, KeySchema, stream }: TableDefinition): void {
  if (!stream) return;
  const { label, viewType } = stream;
  const arn = `arn:aws:dynamodb:${world.region}:${world.accountId}:table/${TableName}/stream/${label}`;
  world.store
    .statement(
      "INSERT INTO dynamodb_stream (arn, table_name, label, view_type, key_schema, created_at_ms, first_sequence) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET last_sequence = NULL, closed_at_ms = NULL",
    )
    .run(arn, TableName, label, viewType, JSON.stringify(KeySchema), world.clock.now(), latestSequence(world) + 1);
}

/** Ends a table's stream; its records stay to be read. */
export function closeStream(world: World, tableName: string): void {
  world.store
    .statement(
      "UPDATE dynamodb_stream SET last_sequence = max(?, first_sequence), closed_at_ms = ? WHERE table_name = ? AND last_sequence IS NULL",
    )
    .run(latestSequence(world), world.clock.now(), tableName);
}

/** Forgets the records that are older than 24 hours, and the closed streams that have none. */
export function trimStreams(world: World): void {
  const horizonMs = world.clock.now() - RETENTION_MS;
  world.store.statement("DELETE FROM dynamodb_stream_record WHERE created_at_ms <= ?").run(horizonMs);
  world.store.statement("DELETE FROM dynamodb_stream WHERE closed_at_ms <= ?").run(horizonMs);
}

/** The stream of that ARN. @throws ResourceNotFoundException */
export function needStream(world: World, arn: string): Stream {
  const row = world.store.statement("SELECT * FROM dynamodb_stream WHERE arn = ?").get(arn);
  if (row) return streamOf(row);
  throw new ServiceError("ResourceNotFoundException", `Requested resource not found: Stream: ${arn} not found`);
}

/** Streams in the order of their ARNs, after `start`, of one table or of all. */
export function listStreams(world: World, tableName: string | undefined, start: string, limit: number): Stream[] {
  return world.store
    .statement("SELECT * FROM dynamodb_stream WHERE arn > ?1 AND (?2 IS NULL OR table_name = ?2) ORDER BY arn LIMIT ?3")
    .all(start, tableName ?? null, limit)
    .map(streamOf);
}

/** The id of a stream's shard. */
export function shardId({ id, createdAtMs }: Stream): string {
  return `shardId-${String(createdAtMs).padStart(20, "0")}-${id.toString(16).padStart(8, "0")}`;
}

/** A sequence number as the API has it: texts of one length, so that their order is the records'. */
export function sequenceText(sequence: number): string {
  return String(sequence).padStart(21, "0");
}

/** The highest sequence number that was ever given; they are never given twice. */
export function latestSequence(world: World): number {
  const row = world.store.statement("SELECT seq FROM sqlite_sequence WHERE name = 'dynamodb_stream_record'").get();
  return Number(row?.["seq"] ?? 0);
}

function streamOf(row: Record<string, unknown>): Stream {
  return {
    id: Number(row["id"]),
    arn: String(row["arn"]),
    tableName: String(row["table_name"]),
    label: String(row["label"]),
    viewType: String(row["view_type"]) as StreamViewType,
    keySchema: JSON.parse(String(row["key_schema"])) as KeySchemaElement[],
    createdAtMs: Number(row["created_at_ms"]),
    firstSequence: Number(row["first_sequence"]),
    lastSequence: row["last_sequence"] === null ? undefined : Number(row["last_sequence"]),
  };
}
