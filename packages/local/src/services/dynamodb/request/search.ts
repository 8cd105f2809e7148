import type { Members } from "../../../kernel/service.ts";
import { bindCondition, type Condition, conditionNames } from "../expressions/condition.ts";
import type { Scope } from "../expressions/scope.ts";
import { type Index, type KeySchema, keyAttributes, type Table } from "../tables/table.ts";
import { validationError } from "./errors.ts";
import { flag, optionalText } from "./members.ts";

/** The members that Query and Scan share. */
export const SEARCH_MEMBERS: readonly string[] = [
  "TableName",
  "IndexName",
  "Select",
  "Limit",
  "ConsistentRead",
  "ExclusiveStartKey",
  "ReturnConsumedCapacity",
  "ProjectionExpression",
  "FilterExpression",
  "ExpressionAttributeNames",
  "ExpressionAttributeValues",
];

/** The index that IndexName names; undefined: the table itself. @throws ValidationException where there is no such index */
export function readIndex(input: Members, table: Table): Index | undefined {
  const name = optionalText(input, "IndexName");
  if (name === undefined) return undefined;
  const index = table.indexes.find((each) => each.name === name);
  if (index) return index;
  throw validationError(`The table does not have the specified index: ${name}`);
}

/** Reads ConsistentRead, which a global index does not have. @throws ValidationException */
export function readConsistency(input: Members, index: Index | undefined): boolean {
  const consistent = flag(input, "ConsistentRead");
  if (!consistent || !index?.global) return consistent;
  throw validationError("Consistent reads are not supported on global secondary indexes");
}

/**
 * Reads FilterExpression, which a query cannot use on the key that it reads by, nor on what its index lacks.
 * @throws ValidationException
 */
export function readFilter(
  input: Members,
  scope: Scope,
  index: Index | undefined,
  queried?: KeySchema,
): Condition | undefined {
  const text = optionalText(input, "FilterExpression");
  if (text === undefined) return undefined;
  const filter = bindCondition(scope, "FilterExpression", text);
  const names = conditionNames(scope, "FilterExpression", text);
  const key = queried && keyAttributes(queried).find(({ name }) => names.has(name));
  if (key) {
    throw validationError(
      `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${key.name}`,
    );
  }
  const lacking = index?.projected ? [...names].filter((name) => !index.projected?.has(name)) : [];
  if (!index || !queried || lacking.length === 0) return filter;
  throw validationError(
    `One or more parameter values were invalid: Secondary index ${index.name} does not project one or more filter attributes: [${lacking.join(", ")}]`,
  );
}
