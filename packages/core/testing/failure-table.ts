import { FAILURE_TABLE } from "../src/recovery/index.ts";

interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: "HASH" | "RANGE";
}

/** What DynamoDB's CreateTable takes. */
export interface TableDefinition {
  readonly TableName: string;
  readonly BillingMode: "PAY_PER_REQUEST";
  AttributeDefinitions: { readonly AttributeName: string; readonly AttributeType: "S" }[];
  KeySchema: KeyElement[];
  GlobalSecondaryIndexes: {
    readonly IndexName: string;
    KeySchema: KeyElement[];
    readonly Projection: { ProjectionType: "INCLUDE"; NonKeyAttributes: string[] } | { ProjectionType: "KEYS_ONLY" };
  }[];
}

/** A table for a failure store in tests, of the shape that the construct gives it. */
export function failureTable(name: string): TableDefinition {
  const { partitionKey, sortKey, indexes } = FAILURE_TABLE;
  const keys = [partitionKey, sortKey, ...indexes.flatMap((each) => [each.partitionKey, each.sortKey])];
  return {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [...new Set(keys)].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    KeySchema: keySchema(partitionKey, sortKey),
    GlobalSecondaryIndexes: indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: keySchema(index.partitionKey, index.sortKey),
      Projection:
        index.projected.length > 0
          ? { ProjectionType: "INCLUDE", NonKeyAttributes: [...index.projected] }
          : { ProjectionType: "KEYS_ONLY" },
    })),
  };
}

function keySchema(hash: string, range: string): KeyElement[] {
  return [
    { AttributeName: hash, KeyType: "HASH" },
    { AttributeName: range, KeyType: "RANGE" },
  ];
}
