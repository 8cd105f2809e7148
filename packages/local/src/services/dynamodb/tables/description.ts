import type { Members, World } from "../../../kernel/service.ts";
import { isJoining, peersOf } from "../replicas/change-log.ts";
import { tableArn } from "./catalog.ts";
import type { IndexDefinition, TableDefinition } from "./table.ts";

/** What DescribeTable shows of a table. */
export function describeTable(world: World, definition: TableDefinition, status = "ACTIVE"): Members {
  const arn = tableArn(world, definition.TableName);
  const size = world.store.statement("SELECT items, bytes FROM dynamodb_size WHERE table_id = ?").get(definition.id);
  return {
    TableName: definition.TableName,
    TableId: definition.TableId,
    TableArn: arn,
    TableStatus: status,
    CreationDateTime: definition.createdAtMs / 1000,
    AttributeDefinitions: definition.AttributeDefinitions,
    KeySchema: definition.KeySchema,
    ...describeBilling(definition),
    ItemCount: Number(size?.["items"] ?? 0),
    TableSizeBytes: Number(size?.["bytes"] ?? 0),
    DeletionProtectionEnabled: definition.DeletionProtectionEnabled,
    ...describeIndexes(world, "GlobalSecondaryIndexes", definition, definition.GlobalSecondaryIndexes),
    ...describeIndexes(world, "LocalSecondaryIndexes", definition, definition.LocalSecondaryIndexes),
    ...(definition.stream && {
      ...(definition.stream.enabled && {
        StreamSpecification: { StreamEnabled: true, StreamViewType: definition.stream.viewType },
      }),
      LatestStreamLabel: definition.stream.label,
      LatestStreamArn: `${arn}/stream/${definition.stream.label}`,
    }),
    ...describeReplicas(world, definition),
    ...describeKept(definition),
  };
}

/** The replicas in other regions (API reference, TableDescription); one of which the other region has not heard yet is being created. */
function describeReplicas(world: World, definition: TableDefinition): Members {
  if (definition.replicas === undefined) return {};
  const replicas = peersOf(world, definition).map((RegionName) => ({
    RegionName,
    ReplicaStatus: isJoining(world, RegionName, definition.TableName) ? "CREATING" : "ACTIVE",
  }));
  return { GlobalTableVersion: "2019.11.21", Replicas: replicas };
}

function describeBilling({ BillingMode, ProvisionedThroughput, createdAtMs }: TableDefinition): Members {
  return {
    ...(BillingMode === "PAY_PER_REQUEST" && {
      BillingModeSummary: { BillingMode, LastUpdateToPayPerRequestDateTime: createdAtMs / 1000 },
    }),
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ...ProvisionedThroughput },
  };
}

function describeIndexes(
  world: World,
  member: "GlobalSecondaryIndexes" | "LocalSecondaryIndexes",
  definition: TableDefinition,
  indexes: readonly IndexDefinition[],
): Members {
  if (indexes.length === 0) return {};
  const arn = tableArn(world, definition.TableName);
  return {
    [member]: indexes.map((index) => ({
      IndexName: index.IndexName,
      IndexArn: `${arn}/index/${index.IndexName}`,
      KeySchema: index.KeySchema,
      Projection: index.Projection,
      ...(member === "GlobalSecondaryIndexes" && {
        IndexStatus: "ACTIVE",
        ProvisionedThroughput: { NumberOfDecreasesToday: 0, ...index.ProvisionedThroughput },
      }),
      ...indexSize(world, definition.id, index.IndexName),
    })),
  };
}

function indexSize(world: World, tableId: number, name: string): Members {
  const row = world.store
    .statement("SELECT COUNT(*) AS items FROM dynamodb_index_entry WHERE table_id = ? AND index_name = ?")
    .get(tableId, name);
  return { ItemCount: Number(row?.["items"] ?? 0), IndexSizeBytes: 0 };
}

function describeKept({ kept }: TableDefinition): Members {
  const { SSESpecification: sse, TableClass, OnDemandThroughput } = kept;
  // CloudFormation calls it SSEEnabled, the API Enabled.
  const encryption = sse as
    | { Enabled?: boolean; SSEEnabled?: boolean; SSEType?: string; KMSMasterKeyId?: string }
    | undefined;
  return {
    ...((encryption?.Enabled || encryption?.SSEEnabled) && {
      SSEDescription: {
        Status: "ENABLED",
        SSEType: encryption.SSEType ?? "KMS",
        ...(encryption.KMSMasterKeyId !== undefined && { KMSMasterKeyArn: encryption.KMSMasterKeyId }),
      },
    }),
    ...(TableClass !== undefined && { TableClassSummary: { TableClass } }),
    ...(OnDemandThroughput !== undefined && { OnDemandThroughput }),
  };
}
