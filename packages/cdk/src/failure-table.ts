import { FAILURE_TABLE } from "@reliq/core/recovery";
import type { RemovalPolicy } from "aws-cdk-lib";
import { type Attribute, AttributeType, BillingMode, ProjectionType, Table } from "aws-cdk-lib/aws-dynamodb";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";

/** The failure store's table: on demand, encrypted with keys that DynamoDB owns, restorable to any second of the last 35 days. */
export function failureTable(
  scope: Construct,
  id: string,
  { tableName, removalPolicy }: { readonly tableName?: string; readonly removalPolicy: RemovalPolicy },
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
  return own.combine(Grant.addToPrincipal({ grantee, actions: ["dynamodb:Query"], resourceArns }));
}

/** Lets a consumer read and write the partitions of held groups: all of them begin alike. */
export function grantQuarantine(table: Table, grantee: IGrantable): Grant {
  return Grant.addToPrincipal({
    grantee,
    actions: ["dynamodb:BatchGetItem", "dynamodb:PutItem"],
    resourceArns: [table.tableArn],
    conditions: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["quarantine#*"] } },
  });
}

function textKey(name: string): Attribute {
  return { name, type: AttributeType.STRING };
}
