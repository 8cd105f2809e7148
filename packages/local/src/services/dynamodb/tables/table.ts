import type { Members } from "../../../kernel/service.ts";

/** The type of a key attribute. */
type KeyType = "S" | "N" | "B";

export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
}

/** Where items are found: the hash key, and the range key where there is one. */
export interface KeySchema {
  readonly hash: KeyAttribute;
  readonly range?: KeyAttribute;
}

/** A secondary index. */
export interface Index {
  readonly name: string;
  readonly global: boolean;
  readonly key: KeySchema;
  /** The attributes that the index shows; undefined: all of them. */
  readonly projected?: ReadonlySet<string>;
}

/** What is kept of a table: its settings, in the members of CreateTable, and what DynamoDB adds. */
export interface TableDefinition {
  /** The table's number in the state file; never used again. */
  readonly id: number;
  readonly TableName: string;
  readonly TableId: string;
  readonly createdAtMs: number;
  readonly AttributeDefinitions: readonly AttributeDefinition[];
  readonly KeySchema: readonly KeySchemaElement[];
  readonly BillingMode: "PAY_PER_REQUEST" | "PROVISIONED";
  readonly ProvisionedThroughput: Throughput;
  readonly GlobalSecondaryIndexes: readonly IndexDefinition[];
  readonly LocalSecondaryIndexes: readonly IndexDefinition[];
  /** The latest stream, also once it is disabled. */
  readonly stream?: StreamSetting;
  /** The attribute that holds the expiry, where TTL is enabled. */
  readonly ttlAttribute?: string;
  readonly pointInTimeRecovery?: { readonly enabledAtMs: number; readonly days: number };
  /** The regions of a replicated table, this one among them, by name. */
  readonly replicas?: readonly string[] | undefined;
  readonly DeletionProtectionEnabled: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** Settings that are kept and shown, and do nothing here. */
  readonly kept: Members;
}

/** A table's stream. */
export interface StreamSetting {
  /** When it was enabled: the last part of its ARN. */
  readonly label: string;
  readonly viewType: StreamViewType;
  readonly enabled: boolean;
}

export type StreamViewType = "KEYS_ONLY" | "NEW_IMAGE" | "OLD_IMAGE" | "NEW_AND_OLD_IMAGES";

export interface AttributeDefinition {
  readonly AttributeName: string;
  readonly AttributeType: KeyType;
}

export interface KeySchemaElement {
  readonly AttributeName: string;
  readonly KeyType: "HASH" | "RANGE";
}

export interface Throughput {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}

export interface IndexDefinition {
  readonly IndexName: string;
  readonly KeySchema: readonly KeySchemaElement[];
  readonly Projection: {
    readonly ProjectionType: "ALL" | "KEYS_ONLY" | "INCLUDE";
    readonly NonKeyAttributes?: readonly string[];
  };
  readonly ProvisionedThroughput?: Throughput;
}

/** A table's definition, ready for use. */
export interface Table {
  readonly id: number;
  readonly name: string;
  readonly key: KeySchema;
  readonly indexes: readonly Index[];
  readonly definition: TableDefinition;
}

/** Makes a definition ready for use. */
export function compileTable(definition: TableDefinition): Table {
  const key = keySchema(definition.KeySchema, definition.AttributeDefinitions);
  const index = (global: boolean) => (each: IndexDefinition) => compileIndex(each, global, key, definition);
  return {
    id: definition.id,
    name: definition.TableName,
    key,
    indexes: [
      ...definition.GlobalSecondaryIndexes.map(index(true)),
      ...definition.LocalSecondaryIndexes.map(index(false)),
    ],
    definition,
  };
}

/** The attributes of a key, hash first. */
export function keyAttributes(key: KeySchema): readonly KeyAttribute[] {
  return key.range ? [key.hash, key.range] : [key.hash];
}

function compileIndex(index: IndexDefinition, global: boolean, table: KeySchema, definition: TableDefinition): Index {
  const key = keySchema(index.KeySchema, definition.AttributeDefinitions);
  const { ProjectionType, NonKeyAttributes = [] } = index.Projection;
  const base = { name: index.IndexName, global, key };
  if (ProjectionType === "ALL") return base;
  const keys = [...keyAttributes(table), ...keyAttributes(key)].map((each) => each.name);
  return { ...base, projected: new Set([...keys, ...NonKeyAttributes]) };
}

function keySchema(elements: readonly KeySchemaElement[], attributes: readonly AttributeDefinition[]): KeySchema {
  const find = (keyType: string): KeyAttribute | undefined => {
    const name = elements.find((each) => each.KeyType === keyType)?.AttributeName;
    const type = attributes.find((each) => each.AttributeName === name)?.AttributeType;
    return name !== undefined && type !== undefined ? { name, type } : undefined;
  };
  const [hash, range] = [find("HASH"), find("RANGE")];
  if (!hash) throw new TypeError("a key schema without a hash key");
  return range ? { hash, range } : { hash };
}
