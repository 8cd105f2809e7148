import type { Members, World } from "../../../kernel/service.ts";
import { bindCondition } from "../expressions/condition.ts";
import { checkAllUsed, readScope, type Scope } from "../expressions/scope.ts";
import { bindUpdate, type UpdatePaths } from "../expressions/update.ts";
import { conditionFailed } from "../request/errors.ts";
import { optionalChoice, optionalText, requiredMap, requiredText } from "../request/members.ts";
import { needTable } from "../tables/catalog.ts";
import type { Item } from "../values/attribute-value.ts";
import { parseItem } from "../values/validate.ts";
import { checkIndexKeys, keyOfItem, keyOfRequest } from "./key.ts";
import type { Mutation } from "./mutation.ts";

/** Members that every conditional write has, alone and in a transaction. */
export const CONDITION_MEMBERS: readonly string[] = [
  "TableName",
  "ConditionExpression",
  "ExpressionAttributeNames",
  "ExpressionAttributeValues",
  "ReturnValuesOnConditionCheckFailure",
];

/** Reads PutItem's members. @throws ValidationException, ResourceNotFoundException */
export function preparePut(world: World, input: Members): Mutation {
  const item = parseItem(requiredMap(input, "Item"));
  const table = needTable(world, requiredText(input, "TableName"));
  const scope = readScope(input, table, ["ConditionExpression"]);
  const condition = readCondition(input, scope);
  checkAllUsed(scope);
  const precheck = (): void => checkIndexKeys(table, item);
  return { table, key: keyOfItem(table, item), ...condition, precheck, after: () => item };
}

/** Reads DeleteItem's members. @throws ValidationException, ResourceNotFoundException */
export function prepareDelete(world: World, input: Members): Mutation {
  return { ...prepareCheck(world, input), after: () => undefined };
}

/** Reads a ConditionCheck's members: the item stays as it is. @throws ValidationException, ResourceNotFoundException */
export function prepareCheck(world: World, input: Members): Mutation {
  const key = parseItem(requiredMap(input, "Key"));
  const table = needTable(world, requiredText(input, "TableName"));
  const scope = readScope(input, table, ["ConditionExpression"]);
  const condition = readCondition(input, scope);
  checkAllUsed(scope);
  return { table, key: keyOfRequest(table.key, key), ...condition, after: (before) => before };
}

const NO_PATHS: UpdatePaths = { touched: [], set: [] };

/** A write of UpdateItem, and what it touches. */
export interface UpdateMutation extends Mutation {
  readonly paths: UpdatePaths;
}

/** Reads UpdateItem's members. @throws ValidationException, ResourceNotFoundException */
export function prepareUpdate(world: World, input: Members): UpdateMutation {
  const key = parseItem(requiredMap(input, "Key"));
  const table = needTable(world, requiredText(input, "TableName"));
  const scope = readScope(input, table, ["UpdateExpression", "ConditionExpression"]);
  const text = optionalText(input, "UpdateExpression");
  const update = text === undefined ? undefined : bindUpdate(scope, table.key, text);
  const condition = readCondition(input, scope);
  checkAllUsed(scope);
  const after = (before: Item | undefined): Item => update?.apply(before ?? key) ?? before ?? key;
  return { table, key: keyOfRequest(table.key, key), ...condition, after, paths: update?.paths ?? NO_PATHS };
}

/** Whether a failed condition's error shows the item. */
export function showsItem(input: Members): boolean {
  return optionalChoice(input, "ReturnValuesOnConditionCheckFailure", ["ALL_OLD", "NONE"]) === "ALL_OLD";
}

function readCondition(input: Members, scope: Scope): Pick<Mutation, "condition" | "refusal"> {
  const text = optionalText(input, "ConditionExpression");
  return {
    condition: text === undefined ? undefined : bindCondition(scope, "ConditionExpression", text),
    refusal: showsItem(input) ? conditionFailed : () => conditionFailed(),
  };
}
