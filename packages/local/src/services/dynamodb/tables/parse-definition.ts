import { randomUUID } from "node:crypto";
import type { Members } from "../../../kernel/service.ts";
import { validationError } from "../request/errors.ts";
import {
  asMap,
  constraint,
  flag,
  optionalChoice,
  optionalList,
  requiredList,
  requiredText,
} from "../request/members.ts";
import { tableName } from "./catalog.ts";
import { checkAttributesUsed, parseIndexes, parseKeySchema, parseThroughput } from "./parse-indexes.ts";
import { parseStream } from "./stream-setting.ts";
import type { AttributeDefinition, TableDefinition } from "./table.ts";

/** Settings of CreateTable that are kept and shown, and do nothing here. */
const KEPT = ["SSESpecification", "TableClass", "OnDemandThroughput", "WarmThroughput", "ResourcePolicy"] as const;

/** The members of CreateTable. */
export const DEFINITION_MEMBERS: readonly string[] = [
  "TableName",
  "AttributeDefinitions",
  "KeySchema",
  "BillingMode",
  "ProvisionedThroughput",
  "GlobalSecondaryIndexes",
  "LocalSecondaryIndexes",
  "StreamSpecification",
  "DeletionProtectionEnabled",
  "Tags",
  ...KEPT,
];

/** Reads the members of CreateTable. @throws ValidationException as DynamoDB words it */
export function parseDefinition(input: Members, nowMs: number): Omit<TableDefinition, "id"> {
  const name = tableName(requiredText(input, "TableName"));
  const attributes = parseAttributes(input);
  const key = parseKeySchema(requiredList(input, "KeySchema"), attributes);
  const billing = optionalChoice(input, "BillingMode", ["PROVISIONED", "PAY_PER_REQUEST"]) ?? "PROVISIONED";
  const context = { attributes, key, billing };
  const global = parseIndexes(input, "GlobalSecondaryIndexes", context);
  const local = parseIndexes(input, "LocalSecondaryIndexes", context);
  checkAttributesUsed(attributes, key, [...global, ...local]);
  const stream = parseStream(input, nowMs);
  return {
    TableName: name,
    TableId: randomUUID(),
    createdAtMs: nowMs,
    AttributeDefinitions: attributes,
    KeySchema: key,
    BillingMode: billing,
    ProvisionedThroughput: parseThroughput(input, billing),
    GlobalSecondaryIndexes: global,
    LocalSecondaryIndexes: local,
    ...(stream && { stream }),
    DeletionProtectionEnabled: flag(input, "DeletionProtectionEnabled"),
    tags: parseTags(optionalList(input, "Tags") ?? []),
    kept: parseKept(input),
  };
}

/** The settings that are kept and shown, and do nothing here. */
export function parseKept(input: Members): Members {
  return Object.fromEntries(KEPT.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]));
}

/** Reads a list of tags. */
export function parseTags(tags: readonly unknown[]): Record<string, string> {
  return Object.fromEntries(
    tags.map((each) => {
      const tag = asMap(each, "Tag");
      return [requiredText(tag, "Key"), requiredText(tag, "Value")];
    }),
  );
}

/** Reads AttributeDefinitions. */
export function parseAttributes(input: Members): AttributeDefinition[] {
  return requiredList(input, "AttributeDefinitions").map((each) => {
    const attribute = asMap(each, "AttributeDefinition");
    const type = optionalChoice(attribute, "AttributeType", ["B", "N", "S"]);
    if (!type) throw constraint(null, "AttributeType", "Member must not be null");
    const name = requiredText(attribute, "AttributeName");
    if (name.length < 1 || name.length > 255) {
      throw validationError("One or more parameter values were invalid: An attribute name is 1 to 255 characters long");
    }
    return { AttributeName: name, AttributeType: type };
  });
}
