import { FAILURE_TABLE, type FailureTableIndex } from "@reliq/core/recovery";
import type { RemovalPolicy } from "aws-cdk-lib";
import {
  type Attribute,
  AttributeType,
  Billing,
  BillingMode,
  type ITable,
  ProjectionType,
  Table,
  TableEncryption,
  TableV2,
} from "aws-cdk-lib/aws-dynamodb";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import { grantKey } from "./grant-key.ts";

/** A table of the CDK's: one of its stack, one with replicas, or a replica. */
export type AnyTable = ITable | Table | TableV2;

interface FailureTableProps {
  readonly tableName?: string;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey;
  readonly replicaRegion?: string;
  readonly isReplica?: boolean;
}

/**
 * The failure store's table: on demand, encrypted with a key of yours or else with keys that DynamoDB owns, restorable to any second of the last 35 days; with a
 * replica in another region where one is named, or the replica that another region's stack has made.
 */
export function failureTable(scope: Construct, id: string, props: FailureTableProps): AnyTable {
  const { tableName, replicaRegion, isReplica = false } = props;
  const globalIndexes = FAILURE_TABLE.indexes.map(({ name }) => name);
  if (isReplica) {
    return Table.fromTableAttributes(scope, id, { ...(tableName !== undefined && { tableName }), globalIndexes });
  }
  return replicaRegion === undefined ? ownTable(scope, id, props) : replicatedTable(scope, id, replicaRegion, props);
}

function ownTable(scope: Construct, id: string, { tableName, removalPolicy, encryptionKey }: FailureTableProps): Table {
  const { partitionKey, sortKey, timeToLive, indexes } = FAILURE_TABLE;
  const table = new Table(scope, id, {
    ...(tableName !== undefined && { tableName }),
    partitionKey: textKey(partitionKey),
    sortKey: textKey(sortKey),
    timeToLiveAttribute: timeToLive,
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    removalPolicy,
    ...(encryptionKey && { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey }),
  });
  for (const index of indexes) table.addGlobalSecondaryIndex(indexProps(index));
  return table;
}

function replicatedTable(
  scope: Construct,
  id: string,
  region: string,
  { tableName, removalPolicy }: FailureTableProps,
): TableV2 {
  const { partitionKey, sortKey, timeToLive, indexes } = FAILURE_TABLE;
  const pointInTimeRecoverySpecification = { pointInTimeRecoveryEnabled: true };
  return new TableV2(scope, id, {
    ...(tableName !== undefined && { tableName }),
    partitionKey: textKey(partitionKey),
    sortKey: textKey(sortKey),
    timeToLiveAttribute: timeToLive,
    billing: Billing.onDemand(),
    globalSecondaryIndexes: indexes.map(indexProps),
    replicas: [{ region, pointInTimeRecoverySpecification }],
    pointInTimeRecoverySpecification,
    removalPolicy,
  });
}

function indexProps({ name, partitionKey, sortKey, projected }: FailureTableIndex) {
  return {
    indexName: name,
    partitionKey: textKey(partitionKey),
    sortKey: textKey(sortKey),
    ...(projected.length === 0
      ? { projectionType: ProjectionType.KEYS_ONLY }
      : { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...projected] }),
  };
}

/** Lets a function read and commit failures, and nothing else: no scan, no delete. */
export function grantFailures(table: AnyTable, grantee: IGrantable): Grant {
  const own = Grant.addToPrincipal({
    grantee,
    actions: ["dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"],
    resourceArns: [table.tableArn],
  });
  const resourceArns = FAILURE_TABLE.indexes.map(({ name }) => `${table.tableArn}/index/${name}`);
  const all = own.combine(Grant.addToPrincipal({ grantee, actions: ["dynamodb:Query"], resourceArns }));
  return withKey(all, table, grantee);
}

/** Lets a consumer read and write the partitions of held groups: all of them begin alike. */
export function grantQuarantine(table: AnyTable, grantee: IGrantable): Grant {
  const held = Grant.addToPrincipal({
    grantee,
    actions: ["dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
    resourceArns: [table.tableArn],
    conditions: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["quarantine#*"] } },
  });
  return withKey(held, table, grantee);
}

function withKey(grant: Grant, { encryptionKey }: AnyTable, grantee: IGrantable): Grant {
  return encryptionKey ? grant.combine(grantKey(encryptionKey, grantee)) : grant;
}

function textKey(name: string): Attribute {
  return { name, type: AttributeType.STRING };
}
