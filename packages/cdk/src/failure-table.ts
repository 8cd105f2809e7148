import { FAILURE_TABLE } from "@reliq/core/recovery";
import type { RemovalPolicy } from "aws-cdk-lib";
import {
  type Attribute,
  AttributeType,
  BillingMode,
  ProjectionType,
  Table,
  TableEncryption,
} from "aws-cdk-lib/aws-dynamodb";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import { grantKey } from "./grant-key.ts";

interface FailureTableProps {
  readonly tableName?: string;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey;
}

/** The failure store's table: on demand, encrypted with a key of yours or else with keys that DynamoDB owns, restorable to any second of the last 35 days. */
export function failureTable(
  scope: Construct,
  id: string,
  { tableName, removalPolicy, encryptionKey }: FailureTableProps,
): Table {
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
  for (const index of indexes) {
    table.addGlobalSecondaryIndex({
      indexName: index.name,
      partitionKey: textKey(index.partitionKey),
      sortKey: textKey(index.sortKey),
      ...(index.projected.length === 0
        ? { projectionType: ProjectionType.KEYS_ONLY }
        : { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...index.projected] }),
    });
  }
  return table;
}

/** Lets a function read and commit failures, and nothing else: no scan, no delete. */
export function grantFailures(table: Table, grantee: IGrantable): Grant {
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
export function grantQuarantine(table: Table, grantee: IGrantable): Grant {
  const held = Grant.addToPrincipal({
    grantee,
    actions: ["dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
    resourceArns: [table.tableArn],
    conditions: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["quarantine#*"] } },
  });
  return withKey(held, table, grantee);
}

function withKey(grant: Grant, { encryptionKey }: Table, grantee: IGrantable): Grant {
  return encryptionKey ? grant.combine(grantKey(encryptionKey, grantee)) : grant;
}

function textKey(name: string): Attribute {
  return { name, type: AttributeType.STRING };
}
