import type { Members } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import { validationError } from "../request/errors.ts";
import {
  asMap,
  flag,
  optionalChoice,
  optionalList,
  optionalMap,
  requiredMap,
  requiredText,
} from "../request/members.ts";
import { parseAttributes, parseKept } from "./parse-definition.ts";
import { checkAttributesUsed, parseIndex, parseThroughput } from "./parse-indexes.ts";
import { parseStream } from "./stream-setting.ts";
import type { AttributeDefinition, IndexDefinition, TableDefinition } from "./table.ts";

/** What UpdateTable makes of a definition. @throws ValidationException as DynamoDB words it */
export function updateDefinition(definition: TableDefinition, input: Members, nowMs: number): TableDefinition {
  if (Object.keys(input).every((name) => name === "TableName" || name === "AttributeDefinitions")) {
    throw validationError(
      "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required",
    );
  }
  const billing = optionalChoice(input, "BillingMode", ["PROVISIONED", "PAY_PER_REQUEST"]) ?? definition.BillingMode;
  const indexed = updateIndexes({ ...definition, BillingMode: billing }, input);
  return {
    ...withStream(indexed, input, nowMs),
    BillingMode: billing,
    ProvisionedThroughput: updateThroughput(definition, input, billing),
    DeletionProtectionEnabled:
      input["DeletionProtectionEnabled"] === undefined
        ? definition.DeletionProtectionEnabled
        : flag(input, "DeletionProtectionEnabled"),
    kept: { ...definition.kept, ...parseKept(input) },
  };
}

function updateThroughput(
  definition: TableDefinition,
  input: Members,
  billing: TableDefinition["BillingMode"],
): TableDefinition["ProvisionedThroughput"] {
  const unchanged = input["ProvisionedThroughput"] === undefined && billing === definition.BillingMode;
  return unchanged ? definition.ProvisionedThroughput : parseThroughput(input, billing);
}

function withStream(definition: TableDefinition, input: Members, nowMs: number): TableDefinition {
  if (input["StreamSpecification"] === undefined) return definition;
  const next = parseStream(input, nowMs);
  const { stream } = definition;
  if (next && stream?.enabled) throw validationError("Table already has an enabled stream");
  if (next) return { ...definition, stream: next };
  if (stream?.enabled) return { ...definition, stream: { ...stream, enabled: false } };
  throw validationError("Table has no stream to disable");
}

function updateIndexes(definition: TableDefinition, input: Members): TableDefinition {
  const updates = (optionalList(input, "GlobalSecondaryIndexUpdates") ?? []).map((each) => asMap(each, "Update"));
  if (updates.filter((each) => each["Create"] ?? each["Delete"]).length > 1) {
    throw new ServiceError(
      "LimitExceededException",
      "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
    );
  }
  const given = input["AttributeDefinitions"] === undefined ? [] : parseAttributes(input);
  const attributes = mergeAttributes(definition.AttributeDefinitions, given);
  const indexes = updates.reduce(
    (list, update) => updateIndex(list, update, { ...definition, AttributeDefinitions: attributes }),
    definition.GlobalSecondaryIndexes,
  );
  const all = [...indexes, ...definition.LocalSecondaryIndexes];
  const used = usedAttributes(attributes, definition, all);
  if (given.length > 0)
    checkAttributesUsed(attributes, definition.KeySchema, [...all, ...leaving(definition, indexes)]);
  return { ...definition, AttributeDefinitions: used, GlobalSecondaryIndexes: indexes };
}

function updateIndex(
  indexes: readonly IndexDefinition[],
  update: Members,
  definition: TableDefinition,
): readonly IndexDefinition[] {
  const [kind, another] = Object.keys(update);
  if (another !== undefined || (kind !== "Create" && kind !== "Update" && kind !== "Delete")) {
    throw invalid("Both Create and Update or Delete specified, or none, in a GlobalSecondaryIndexUpdate");
  }
  const action = requiredMap(update, kind);
  const name = requiredText(action, "IndexName");
  const known = indexes.find((each) => each.IndexName === name);
  if (kind === "Create") {
    if (known) throw validationError(`Attempting to create an index which already exists: ${name}`);
    const { AttributeDefinitions: attributes, KeySchema: key, BillingMode: billing } = definition;
    return [...indexes, parseIndex(action, { attributes, key, billing }, false)];
  }
  if (!known)
    throw new ServiceError("ResourceNotFoundException", `Requested resource not found: Index: ${name} not found`);
  if (kind === "Delete") return indexes.filter((each) => each !== known);
  const throughput = optionalMap(action, "ProvisionedThroughput");
  if (!throughput) return indexes;
  const changed = { ...known, ProvisionedThroughput: parseThroughput(action, definition.BillingMode, name) };
  return indexes.map((each) => (each === known ? changed : each));
}

/** Attributes of keys that a table or an index still has; the others are forgotten with their index. */
function usedAttributes(
  attributes: readonly AttributeDefinition[],
  { KeySchema }: TableDefinition,
  indexes: readonly IndexDefinition[],
): readonly AttributeDefinition[] {
  const used = new Set([...KeySchema, ...indexes.flatMap((each) => each.KeySchema)].map((each) => each.AttributeName));
  return attributes.filter((each) => used.has(each.AttributeName));
}

function leaving(definition: TableDefinition, indexes: readonly IndexDefinition[]): readonly IndexDefinition[] {
  return definition.GlobalSecondaryIndexes.filter((each) => !indexes.includes(each));
}

function mergeAttributes(
  known: readonly AttributeDefinition[],
  given: readonly AttributeDefinition[],
): readonly AttributeDefinition[] {
  const changed = given.find((each) =>
    known.some((old) => old.AttributeName === each.AttributeName && old.AttributeType !== each.AttributeType),
  );
  if (changed) throw invalid(`The type of the attribute ${changed.AttributeName} cannot be changed`);
  const names = new Set(known.map((each) => each.AttributeName));
  return [...known, ...given.filter((each) => !names.has(each.AttributeName))];
}

function invalid(what: string): Error {
  return validationError(`One or more parameter values were invalid: ${what}`);
}
