import type { Resource, ResourceProvider } from "../../kernel/resource.ts";
import type { Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import { shareTable } from "./replicas/share-table.ts";
import { addTable, findTable, tableArn } from "./tables/catalog.ts";
import { changeTable } from "./tables/change.ts";
import { parseDefinition } from "./tables/parse-definition.ts";
import type { Table, TableDefinition } from "./tables/table.ts";

const SUPPORTED = [
  "TableName",
  "KeySchema",
  "AttributeDefinitions",
  "BillingMode",
  "ProvisionedThroughput",
  "GlobalSecondaryIndexes",
  "LocalSecondaryIndexes",
  "StreamSpecification",
  "TimeToLiveSpecification",
  "PointInTimeRecoverySpecification",
  "DeletionProtectionEnabled",
  "Tags",
];

const KEPT: Readonly<Record<string, string>> = {
  SSESpecification: "the state file is not encrypted",
  TableClass: "there is one kind of storage",
  OnDemandThroughput: "throughput is not limited",
  WarmThroughput: "throughput is not limited",
  ResourcePolicy: "nobody is refused",
  ContributorInsightsSpecification: "access is not analysed",
};

/** Creates tables from templates, and changes them in place with their items kept. */
export function tableProvider(world: World): ResourceProvider {
  return {
    supported: SUPPORTED,
    kept: KEPT,
    put: ({ properties, name, logicalId }) =>
      world.store.transaction(() => putTable(world, logicalId, { TableName: name, ...properties })),
    remove: async ({ ref }) => {
      if (findTable(world, ref)) await world.call("dynamodb", "DeleteTable", { TableName: ref });
    },
  };
}

/** Creates a table or changes it in place, inside a transaction; `complete` adds what the properties do not say. */
export function putTable(
  world: World,
  logicalId: string,
  properties: Members,
  complete: (wanted: Omit<TableDefinition, "id">) => Omit<TableDefinition, "id"> = (wanted) => wanted,
): Resource {
  const wanted = complete(readProperties(properties, world.clock.now()));
  const table = findTable(world, wanted.TableName);
  if (table) {
    checkReplacement(logicalId, table.definition, wanted);
    return describe(world, changeTable(world, table, merge(table.definition, wanted)));
  }
  const added = addTable(world, wanted);
  shareTable(world, undefined, added);
  return describe(world, added);
}

/** Reads a template's properties: CreateTable's members, and settings that have actions of their own. */
function readProperties(properties: Members, nowMs: number): Omit<TableDefinition, "id"> {
  const {
    StreamSpecification: stream,
    TimeToLiveSpecification: ttl,
    PointInTimeRecoverySpecification: recovery,
    ContributorInsightsSpecification: _,
    ...members
  } = withoutTexts(properties) as Record<string, Members | undefined>;
  const definition = parseDefinition(
    // A template gives the view type only: that the specification is there enables the stream.
    { ...members, ...(stream && { StreamSpecification: { ...stream, StreamEnabled: true } }) },
    nowMs,
  );
  return {
    ...definition,
    ...(ttl?.["Enabled"] === true && { ttlAttribute: String(ttl["AttributeName"]) }),
    ...(recovery?.["PointInTimeRecoveryEnabled"] === true && {
      pointInTimeRecovery: { enabledAtMs: nowMs, days: Number(recovery["RecoveryPeriodInDays"] ?? 35) },
    }),
  };
}

/** Templates may write numbers and booleans as texts; names and tags stay what they are. */
function withoutTexts(properties: Members): Members {
  const convert = (name: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((each) => convert(name, each));
    if (typeof value === "object" && value !== null) return name === "Tags" ? value : withoutTexts(value as Members);
    if (name.endsWith("Enabled") && (value === "true" || value === "false")) return value === "true";
    return name.endsWith("Units") && typeof value === "string" ? Number(value) : value;
  };
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, convert(name, value)]));
}

function checkReplacement(logicalId: string, current: TableDefinition, wanted: Omit<TableDefinition, "id">): void {
  const shape = ({ KeySchema, LocalSecondaryIndexes, AttributeDefinitions }: typeof wanted): string => {
    const names = new Set(KeySchema.map((each) => each.AttributeName));
    return JSON.stringify([
      KeySchema,
      LocalSecondaryIndexes,
      AttributeDefinitions.filter((each) => names.has(each.AttributeName)).sort(byName),
    ]);
  };
  if (shape(current) === shape(wanted)) return;
  throw new ServiceError(
    "ValidationException",
    `The table ${current.TableName} (${logicalId}) exists with another key schema or other local indexes: it must be replaced. Give it another TableName, or delete it first.`,
  );
}

function byName(left: { readonly AttributeName: string }, right: { readonly AttributeName: string }): number {
  return left.AttributeName < right.AttributeName ? -1 : 1;
}

/** The wanted definition of a table that is there already: it is still the same table, with the same stream. */
function merge(current: TableDefinition, wanted: Omit<TableDefinition, "id">): TableDefinition {
  const { id, TableId, createdAtMs, replicas, stream, pointInTimeRecovery: recovery } = current;
  const sameStream = stream?.enabled && wanted.stream?.viewType === stream.viewType;
  return {
    replicas,
    ...wanted,
    id,
    TableId,
    createdAtMs,
    ...(sameStream && { stream }),
    ...(stream && !wanted.stream && { stream: { ...stream, enabled: false } }),
    ...(recovery &&
      wanted.pointInTimeRecovery && {
        pointInTimeRecovery: { ...wanted.pointInTimeRecovery, enabledAtMs: recovery.enabledAtMs },
      }),
  };
}

function describe(world: World, { name, definition: { stream } }: Table): Resource {
  const arn = tableArn(world, name);
  return {
    ref: name,
    attributes: { Arn: arn, ...(stream?.enabled && { StreamArn: `${arn}/stream/${stream.label}` }) },
  };
}
