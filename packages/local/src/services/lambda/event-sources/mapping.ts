import { createHash } from "node:crypto";
import type { Members, World } from "../../../kernel/service.ts";
import type { Store } from "../../../kernel/store.ts";
import { notFound } from "../errors.ts";
import { functionArn } from "../functions/function-record.ts";
import { type StreamSettings, shownStreamSettings } from "./stream-settings.ts";

/** An event source mapping, as it is kept. */
export interface Mapping {
  readonly uuid: string;
  readonly functionName: string;
  readonly sourceArn: string;
  readonly enabled: boolean;
  readonly batchSize: number;
  readonly windowSeconds: number;
  /** Whether the function's answer says which messages of a batch it failed. */
  readonly reportsFailures: boolean;
  readonly maximumConcurrency: number | undefined;
  /** What only a mapping on a stream has. */
  readonly stream?: StreamSettings;
  readonly modifiedMs: number;
  /** The name of the template's resource that it is, if it is one. */
  readonly owner: string | undefined;
}

/** The same for one function and source each time, so that a mapping that is put twice is still one. */
export function mappingUuid(functionName: string, sourceArn: string): string {
  const hash = createHash("sha256").update(`${functionName}\n${sourceArn}`).digest("hex");
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `4${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join("-");
}

export function mappingArn({ region, accountId }: World, uuid: string): string {
  return `arn:aws:lambda:${region}:${accountId}:event-source-mapping:${uuid}`;
}

/** A mapping as the API shows it (EventSourceMappingConfiguration). */
export function shownMapping(world: World, mapping: Mapping, lastResult: string, state?: "Deleting"): Members {
  return {
    UUID: mapping.uuid,
    EventSourceMappingArn: mappingArn(world, mapping.uuid),
    EventSourceArn: mapping.sourceArn,
    FunctionArn: functionArn(world, mapping.functionName),
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: mapping.windowSeconds,
    FunctionResponseTypes: mapping.reportsFailures ? ["ReportBatchItemFailures"] : [],
    ...(mapping.maximumConcurrency !== undefined && {
      ScalingConfig: { MaximumConcurrency: mapping.maximumConcurrency },
    }),
    ...(mapping.stream && shownStreamSettings(mapping.stream)),
    LastModified: mapping.modifiedMs / 1_000,
    LastProcessingResult: lastResult,
    State: state ?? (mapping.enabled ? "Enabled" : "Disabled"),
    StateTransitionReason: mapping.stream ? "User action" : "USER_INITIATED",
  };
}

export function findMapping(store: Store, uuid: string): Mapping | undefined {
  const row = store.statement("SELECT mapping FROM lambda_mapping WHERE uuid = ?").get(uuid);
  return row && JSON.parse(String(row["mapping"]));
}

/** @throws ResourceNotFoundException */
export function existingMapping(store: Store, uuid: string): Mapping {
  const mapping = findMapping(store, uuid);
  if (!mapping) throw notFound("The resource you requested does not exist.");
  return mapping;
}

/** Every mapping, by its UUID. */
export function allMappings(store: Store): Mapping[] {
  const rows = store.statement("SELECT mapping FROM lambda_mapping ORDER BY uuid").all();
  return rows.map((row) => JSON.parse(String(row["mapping"])));
}

/** Writes a mapping, in a transaction of the caller's. */
export function writeMapping(store: Store, mapping: Mapping): void {
  store
    .statement(
      "INSERT INTO lambda_mapping (uuid, mapping) VALUES (?, ?) ON CONFLICT DO UPDATE SET mapping = excluded.mapping",
    )
    .run(mapping.uuid, JSON.stringify(mapping));
}

/** Removes a mapping and its checkpoints, in a transaction of the caller's. */
export function deleteMappingRow(store: Store, uuid: string): void {
  store.statement("DELETE FROM lambda_stream_checkpoint WHERE mappingUuid = ?").run(uuid);
  store.statement("DELETE FROM lambda_mapping WHERE uuid = ?").run(uuid);
}
