import { bind, type Condition } from "../expressions/condition.ts";
import { resolvePath, type Scope } from "../expressions/scope.ts";
import type { ConditionNode, Operand } from "../expressions/syntax.ts";
import { validationError } from "../request/errors.ts";
import { type KeySchema, keyAttributes } from "../tables/table.ts";
import { type AttributeValue, type Item, setAttribute, typeOf } from "../values/attribute-value.ts";
import { equal } from "../values/compare.ts";

/** A WHERE, taken apart. */
export interface Where {
  /** The key attributes that it names by equality. */
  readonly key: Item;
  /** What else must hold; undefined: nothing. */
  readonly rest: Condition | undefined;
}

/** Takes the equalities on key attributes out of a WHERE. @throws ValidationException */
export function readWhere(scope: Scope, schema: KeySchema, where: ConditionNode | undefined): Where {
  const key: Record<string, AttributeValue> = {};
  const rest: ConditionNode[] = [];
  for (const node of where ? conjuncts(where) : []) {
    const equality = keyEquality(scope, schema, node);
    if (!equality) rest.push(node);
    else if (!Object.hasOwn(key, equality.name)) setAttribute(key, equality.name, equality.value);
    else if (!equal(key[equality.name] as AttributeValue, equality.value)) {
      throw validationError(
        `Multiple conditions on same key ${equality.name}. Only single item Update/Insert/Delete are supported`,
      );
    }
  }
  const conditions = rest.map((node) => bind(scope, "ConditionExpression", node));
  return { key, rest: conditions.length === 0 ? undefined : (item) => conditions.every((holds) => holds(item)) };
}

/** @throws ValidationException where the WHERE does not name the whole key */
export function needWholeKey(schema: KeySchema, { key }: Where): void {
  if (keyAttributes(schema).every(({ name }) => Object.hasOwn(key, name))) return;
  throw validationError("Where clause does not contain a mandatory equality on all key attributes");
}

function conjuncts(node: ConditionNode): readonly ConditionNode[] {
  return node.kind === "and" ? [...conjuncts(node.left), ...conjuncts(node.right)] : [node];
}

function keyEquality(
  scope: Scope,
  schema: KeySchema,
  node: ConditionNode,
): { readonly name: string; readonly value: AttributeValue } | undefined {
  if (node.kind !== "compare" || node.operator !== "=") return undefined;
  const [path, operand] = node.left.kind === "path" ? [node.left, node.right] : [node.right, node.left];
  const name = keyName(scope, path);
  const attribute = keyAttributes(schema).find((each) => each.name === name);
  const value = operand.kind === "value" ? scope.values.get(operand.name) : undefined;
  if (!attribute || !value) return undefined;
  if (typeOf(value) === attribute.type) return { name: attribute.name, value };
  throw validationError(
    `Key attribute's data type should match its data type in table's schema: Key ${attribute.name}`,
  );
}

function keyName(scope: Scope, operand: Operand): string | undefined {
  if (operand.kind !== "path" || operand.path.length !== 1) return undefined;
  return String(resolvePath(scope, "ConditionExpression", operand.path)[0]);
}
