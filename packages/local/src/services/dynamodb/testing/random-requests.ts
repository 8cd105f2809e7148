import type { Random } from "./random.ts";
import {
  anyCondition,
  anyProjection,
  anyUpdate,
  given,
  type Parameters,
  parameterMembers,
} from "./random-expressions.ts";
import { anyAttributes, keyValue, type Wire } from "./random-values.ts";

/** One request of either side. */
export interface Request {
  readonly action: string;
  readonly input: Record<string, unknown>;
}

type Key = Readonly<Record<string, "S" | "N" | "B">>;

/** The keys of the tables by name. */
const TABLES: Readonly<Record<string, Key>> = {
  composite: { a: "S", b: "N" },
  simple: { a: "N" },
  binary: { a: "B", b: "S" },
};

/** The tables that the requests are about. */
export function tableRequests(): readonly Request[] {
  return Object.entries(TABLES).map(([TableName, key]) => ({
    action: "CreateTable",
    input: {
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: attributeDefinitions(key, TableName === "composite"),
      KeySchema: keySchema(Object.keys(key)),
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
      ...(TableName === "composite" && {
        GlobalSecondaryIndexes: [
          { IndexName: "all", KeySchema: keySchema(["g", "h"]), Projection: { ProjectionType: "ALL" } },
          {
            IndexName: "some",
            KeySchema: keySchema(["g"]),
            Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["c", "d"] },
          },
        ],
        LocalSecondaryIndexes: [
          { IndexName: "local", KeySchema: keySchema(["a", "h"]), Projection: { ProjectionType: "KEYS_ONLY" } },
        ],
      }),
    },
  }));
}

/** A request about the tables; now and then one that is refused. */
export function anyRequest(random: Random): Request {
  const table = random.pick(["composite", "composite", "composite", "simple", "binary"]);
  switch (random.below(14)) {
    case 0:
    case 1:
    case 2:
      return { action: "PutItem", input: { ...put(random, table), ReturnValues: random.pick(["NONE", "ALL_OLD"]) } };
    case 3:
    case 4:
    case 5:
      return {
        action: "UpdateItem",
        input: { ...update(random, table), ReturnValues: random.pick(["NONE", "ALL_OLD", "ALL_NEW"]) },
      };
    case 6:
      return {
        action: "DeleteItem",
        input: { ...remove(random, table), ReturnValues: random.pick(["NONE", "ALL_OLD"]) },
      };
    case 7:
      return get(random, table);
    case 8:
    case 9:
      return query(random);
    case 10:
      return scan(random, table);
    case 11:
      return batch(random, table);
    default:
      return transaction(random);
  }
}

/** An item's key. */
export function anyKey(random: Random, table: string): Record<string, Wire> {
  return Object.fromEntries(Object.entries(TABLES[table] ?? {}).map(([name, type]) => [name, keyValue(random, type)]));
}

function anyItem(random: Random, table: string): Record<string, Wire> {
  const item = { ...anyKey(random, table), ...anyAttributes(random) };
  if (table !== "composite") return item;
  if (random.oneIn(2)) item["g"] = random.oneIn(20) ? { N: "1" } : { S: random.pick(["g1", "g2"]) };
  if (random.oneIn(2)) item["h"] = random.oneIn(30) ? { S: "" } : keyValue(random, "N");
  if (random.oneIn(40)) delete item["b"];
  return item;
}

function conditional(random: Random, parameters: Parameters): Record<string, unknown> {
  if (random.oneIn(2)) return {};
  const condition = anyCondition(random, parameters);
  const show = random.oneIn(3) && { ReturnValuesOnConditionCheckFailure: "ALL_OLD" };
  return { ConditionExpression: condition, ...show };
}

function put(random: Random, TableName: string): Record<string, unknown> {
  const parameters: Parameters = { names: {}, values: {} };
  return {
    TableName,
    Item: anyItem(random, TableName),
    ...conditional(random, parameters),
    ...parameterMembers(parameters),
  };
}

function update(random: Random, TableName: string): Record<string, unknown> {
  const parameters: Parameters = { names: {}, values: {} };
  const UpdateExpression = anyUpdate(random, parameters);
  const condition = conditional(random, parameters);
  return { TableName, Key: anyKey(random, TableName), UpdateExpression, ...condition, ...parameterMembers(parameters) };
}

function remove(random: Random, TableName: string): Record<string, unknown> {
  const parameters: Parameters = { names: {}, values: {} };
  return {
    TableName,
    Key: anyKey(random, TableName),
    ...conditional(random, parameters),
    ...parameterMembers(parameters),
  };
}

function get(random: Random, TableName: string): Request {
  const parameters: Parameters = { names: {}, values: {} };
  const projection = random.oneIn(2) ? {} : { ProjectionExpression: anyProjection(random, parameters) };
  const input = { TableName, Key: anyKey(random, TableName), ...projection, ...parameterMembers(parameters) };
  return { action: "GetItem", input };
}

function query(random: Random): Request {
  const parameters: Parameters = { names: {}, values: {} };
  const [IndexName, hash, range] = random.pick([
    [undefined, "a", "b"],
    [undefined, "a", "b"],
    ["all", "g", "h"],
    ["some", "g", undefined],
    ["local", "a", "h"],
  ] as const);
  const hashValue = hash === "g" ? { S: random.pick(["g1", "g2"]) } : keyValue(random, "S");
  const conditions = [`${hash} = ${given(parameters, random.oneIn(40) ? { N: "1" } : hashValue)}`];
  if (range && random.oneIn(2)) conditions.push(rangeCondition(random, parameters, range));
  const filter = random.oneIn(3) && { FilterExpression: anyCondition(random, parameters) };
  return {
    action: "Query",
    input: {
      TableName: "composite",
      ...(IndexName && { IndexName }),
      KeyConditionExpression: conditions.join(" AND "),
      ...filter,
      ...(random.oneIn(2) && { ScanIndexForward: false }),
      ...(random.oneIn(3) && { Limit: 1 + random.below(3) }),
      ...(random.oneIn(5) && { Select: "COUNT" }),
      ...parameterMembers(parameters),
    },
  };
}

function rangeCondition(random: Random, parameters: Parameters, range: string): string {
  const value = (): string => given(parameters, keyValue(random, random.oneIn(30) ? "S" : "N"));
  if (random.oneIn(4)) return `${range} BETWEEN ${value()} AND ${value()}`;
  if (random.oneIn(20)) return `begins_with(${range}, ${value()})`;
  return `${range} ${random.pick(["=", "<", "<=", ">", ">=", "<", ">"])} ${value()}`;
}

function scan(random: Random, TableName: string): Request {
  const parameters: Parameters = { names: {}, values: {} };
  const index = TableName === "composite" && random.oneIn(3) && { IndexName: random.pick(["all", "some", "local"]) };
  // DynamoDB Local filters by attributes that the index does not have.
  const filter = !index && random.oneIn(2) && { FilterExpression: anyCondition(random, parameters) };
  const input = { TableName, ...index, ...filter, ...parameterMembers(parameters) };
  return { action: "Scan", input };
}

function batch(random: Random, table: string): Request {
  const keys = Array.from({ length: 1 + random.below(4) }, () => anyKey(random, table));
  if (random.oneIn(2)) {
    const different = [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
    return { action: "BatchGetItem", input: { RequestItems: { [table]: { Keys: different } } } };
  }
  const writes = keys.map((Key) =>
    random.oneIn(3) ? { DeleteRequest: { Key } } : { PutRequest: { Item: { ...anyItem(random, table), ...Key } } },
  );
  return { action: "BatchWriteItem", input: { RequestItems: { [table]: writes } } };
}

function transaction(random: Random): Request {
  // Each about another table: DynamoDB Local overlooks that two parts are about one item, where the key is a number.
  const TransactItems = Object.keys(TABLES)
    .filter(() => random.oneIn(2))
    .map((table) => {
      switch (random.below(4)) {
        case 0:
          return { Put: put(random, table) };
        case 1:
          return { Update: update(random, table) };
        case 2:
          return { Delete: remove(random, table) };
        default: {
          const parameters: Parameters = { names: {}, values: {} };
          const ConditionExpression = anyCondition(random, parameters);
          const check = { TableName: table, Key: anyKey(random, table), ConditionExpression };
          return { ConditionCheck: { ...check, ...parameterMembers(parameters) } };
        }
      }
    });
  return { action: "TransactWriteItems", input: { TransactItems } };
}

function attributeDefinitions(key: Key, indexed: boolean): readonly Record<string, string>[] {
  const all: Key = indexed ? { ...key, g: "S", h: "N" } : key;
  return Object.entries(all).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));
}

function keySchema(names: readonly string[]): readonly Record<string, string>[] {
  return names.map((AttributeName, position) => ({ AttributeName, KeyType: position === 0 ? "HASH" : "RANGE" }));
}
