import type { Members } from "../../../kernel/service.ts";
import { validationError } from "../request/errors.ts";
import {
  asMap,
  constraint,
  optionalChoice,
  optionalInteger,
  optionalList,
  optionalMap,
  refuseOthers,
  requiredList,
  requiredMap,
  requiredText,
} from "../request/members.ts";
import type { AttributeDefinition, IndexDefinition, KeySchemaElement, TableDefinition, Throughput } from "./table.ts";

/** Most indexes of one table by default (developer guide, "Service quotas: Secondary indexes"). */
const MOST_INDEXES = { GlobalSecondaryIndexes: 20, LocalSecondaryIndexes: 5 };

/** The last three change nothing here: throughput is not limited, and access is not analysed. */
const INDEX_MEMBERS = [
  "IndexName",
  "KeySchema",
  "Projection",
  "ProvisionedThroughput",
  "OnDemandThroughput",
  "WarmThroughput",
  "ContributorInsightsSpecification",
];

/** What an index is checked against. */
export interface IndexContext {
  readonly attributes: readonly AttributeDefinition[];
  readonly key: readonly KeySchemaElement[];
  readonly billing: TableDefinition["BillingMode"];
}

/** Reads a KeySchema. @throws ValidationException as DynamoDB words it */
export function parseKeySchema(
  raw: readonly unknown[],
  attributes: readonly AttributeDefinition[],
): KeySchemaElement[] {
  const elements = raw.map((each): KeySchemaElement => {
    const element = asMap(each, "KeySchemaElement");
    const keyType = optionalChoice(element, "KeyType", ["HASH", "RANGE"]);
    if (!keyType) throw constraint(null, "KeyType", "Member must not be null");
    return { AttributeName: requiredText(element, "AttributeName"), KeyType: keyType };
  });
  const [first, second] = elements;
  if (!first || elements.length > 2) {
    const bound = first ? "less than or equal to 2" : "greater than or equal to 1";
    throw constraint(JSON.stringify(raw), "KeySchema", `Member must have length ${bound}`);
  }
  if (first.KeyType !== "HASH")
    throw validationError("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  if (second && second.KeyType !== "RANGE") {
    throw validationError("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  }
  if (first.AttributeName === second?.AttributeName) {
    throw validationError("Both the Hash Key and the Range Key element in the KeySchema have the same name");
  }
  const names = attributes.map((each) => each.AttributeName);
  const keys = elements.map((each) => each.AttributeName);
  if (keys.some((each) => !names.includes(each))) {
    throw invalid(
      `Some index key attributes are not defined in AttributeDefinitions. Keys: [${keys.join(", ")}], AttributeDefinitions: [${names.join(", ")}]`,
    );
  }
  return elements;
}

/** Reads the secondary indexes of one kind. @throws ValidationException as DynamoDB words it */
export function parseIndexes(
  input: Members,
  member: "GlobalSecondaryIndexes" | "LocalSecondaryIndexes",
  context: IndexContext,
): IndexDefinition[] {
  const list = optionalList(input, member);
  if (!list) return [];
  if (list.length === 0) throw invalid(`List of ${member} is empty`);
  if (list.length > MOST_INDEXES[member]) {
    const kind = member === "GlobalSecondaryIndexes" ? "GlobalSecondaryIndex" : "LocalSecondaryIndex";
    throw invalid(`${kind} count exceeds the per-table limit of ${MOST_INDEXES[member]}`);
  }
  const local = member === "LocalSecondaryIndexes";
  const indexes = list.map((each) => parseIndex(asMap(each, member), context, local));
  const names = indexes.map((each) => each.IndexName);
  const twice = names.find((name, position) => names.indexOf(name) < position);
  if (twice !== undefined) throw invalid(`Duplicate index name: ${twice}`);
  return indexes;
}

/** Reads one secondary index. @throws ValidationException as DynamoDB words it */
export function parseIndex(input: Members, context: IndexContext, local: boolean): IndexDefinition {
  refuseOthers(input, INDEX_MEMBERS);
  const name = requiredText(input, "IndexName");
  if (!/^[a-zA-Z0-9_.-]{3,255}$/.test(name)) {
    throw validationError(
      "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'",
    );
  }
  const key = parseKeySchema(requiredList(input, "KeySchema"), context.attributes);
  if (local) checkLocalKey(name, key, context.key);
  return {
    IndexName: name,
    KeySchema: key,
    Projection: parseProjection(requiredMap(input, "Projection")),
    ...(!local && { ProvisionedThroughput: parseThroughput(input, context.billing, name) }),
  };
}

/** Reads ProvisionedThroughput, which must be there exactly where the billing mode is PROVISIONED. @throws ValidationException */
export function parseThroughput(input: Members, billing: TableDefinition["BillingMode"], index?: string): Throughput {
  const throughput = optionalMap(input, "ProvisionedThroughput");
  const where = index === undefined ? "" : ` for index: ${index}`;
  if (billing === "PAY_PER_REQUEST") {
    if (!throughput) return { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };
    throw invalid(
      `Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST${where}`,
    );
  }
  const read = throughput && optionalInteger(throughput, "ReadCapacityUnits", 1);
  const write = throughput && optionalInteger(throughput, "WriteCapacityUnits", 1);
  if (read && write) return { ReadCapacityUnits: read, WriteCapacityUnits: write };
  throw invalid(
    `ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED${where}`,
  );
}

/** @throws ValidationException for a defined attribute that no key uses */
export function checkAttributesUsed(
  attributes: readonly AttributeDefinition[],
  key: readonly KeySchemaElement[],
  indexes: readonly IndexDefinition[],
): void {
  const names = new Set(attributes.map((each) => each.AttributeName));
  const used = new Set([...key, ...indexes.flatMap((each) => each.KeySchema)].map((each) => each.AttributeName));
  if (names.size === used.size && names.size === attributes.length) return;
  throw invalid(
    indexes.length === 0
      ? "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions"
      : `Some AttributeDefinitions are not used. AttributeDefinitions: [${[...names].join(", ")}], keys used: [${[...used].join(", ")}]`,
  );
}

function parseProjection(input: Members): IndexDefinition["Projection"] {
  const type = optionalChoice(input, "ProjectionType", ["ALL", "KEYS_ONLY", "INCLUDE"]);
  if (!type) throw invalid("Unknown ProjectionType: null");
  const attributes = optionalList(input, "NonKeyAttributes")?.map(String);
  if (type === "INCLUDE" && !attributes)
    throw invalid("ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
  if (type !== "INCLUDE" && attributes) throw invalid(`ProjectionType is ${type}, but NonKeyAttributes is specified`);
  return { ProjectionType: type, ...(attributes && { NonKeyAttributes: attributes }) };
}

function checkLocalKey(name: string, key: readonly KeySchemaElement[], table: readonly KeySchemaElement[]): void {
  if (table.length < 2) {
    throw invalid("Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex");
  }
  if (key.length < 2) throw invalid(`Index KeySchema does not have a range key for index: ${name}`);
  const [hash, tableHash] = [key[0]?.AttributeName, table[0]?.AttributeName];
  if (hash === tableHash) return;
  throw invalid(
    `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${name}. index hash key: ${hash}, table hash key: ${tableHash}`,
  );
}

function invalid(what: string): Error {
  return validationError(`One or more parameter values were invalid: ${what}`);
}
