import { remembered } from "../../../kernel/remembered.ts";
import { validationError } from "../request/errors.ts";
import type { KeySchema } from "../tables/table.ts";
import { keyAttributes } from "../tables/table.ts";
import { type AttributeValue, type Item, typeOf } from "../values/attribute-value.ts";
import { type Edit, editItem } from "./edit.ts";
import { parseUpdate } from "./parse-update.ts";
import { checkPathsApart } from "./paths.ts";
import { expressionError } from "./reader.ts";
import { type Path, resolvePath, resolveValue, type Scope } from "./scope.ts";
import { bindSetValue, type Computed } from "./set-value.ts";
import type { UpdateAction } from "./syntax.ts";
import { addTo, deleteFrom } from "./update-sets.ts";

/** What an update makes of an item. */
export interface Update {
  readonly apply: (item: Item) => Item;
  readonly paths: UpdatePaths;
}

/** The paths that an update names. */
export interface UpdatePaths {
  readonly touched: readonly Path[];
  /** Those that get a value: UPDATED_NEW shows nothing of what REMOVE names. */
  readonly set: readonly Path[];
}

interface BoundAction {
  readonly section: UpdateAction["section"];
  readonly path: Path;
  /** The new value at the path; undefined removes it. */
  readonly value: Computed;
}

const parse = remembered(1_000, parseUpdate);

const ADDABLE = ["N", "SS", "NS", "BS"];
const DELETABLE = ["SS", "NS", "BS"];

/** Names of the types in the messages about ADD and DELETE. */
const LONG_TYPE_NAMES: Readonly<Record<string, string>> = {
  S: "STRING",
  N: "NUMBER",
  B: "BINARY",
  BOOL: "BOOLEAN",
  L: "LIST",
  M: "MAP",
};

/** Makes an update of an expression and the request's names and values. @throws ValidationException as DynamoDB words it */
export function bindUpdate(scope: Scope, key: KeySchema, text: string): Update {
  return bindActions(scope, key, parse(text));
}

/** Makes an update of its parsed actions. @throws ValidationException as DynamoDB words it */
export function bindActions(scope: Scope, key: KeySchema, parsed: readonly UpdateAction[]): Update {
  const actions = parsed.map((action) => bindAction(scope, action));
  const paths = actions.map((each) => each.path);
  checkPathsApart("UpdateExpression", paths);
  for (const { name } of keyAttributes(key)) {
    if (!paths.some(([first]) => first === name)) continue;
    throw validationError(
      `One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`,
    );
  }
  // Every operand is read from the item as it was, whatever the order of the actions.
  const edits = (item: Item): Edit[] => actions.map(({ path, value }): Edit => ({ path, value: value(item) }));
  const set = actions.filter((each) => each.section !== "REMOVE").map((each) => each.path);
  return { apply: (item) => editItem(item, edits(item)), paths: { touched: paths, set } };
}

function bindAction(scope: Scope, action: UpdateAction): BoundAction {
  const kind = "UpdateExpression";
  const path = resolvePath(scope, kind, action.path);
  const { section } = action;
  if (section === "SET") return { section, path, value: bindSetValue(scope, action.value) };
  if (section === "REMOVE") return { section, path, value: () => undefined };
  const operand = resolveValue(scope, kind, action.value);
  const [types, compute] = section === "ADD" ? [ADDABLE, addTo] : [DELETABLE, deleteFrom];
  checkType(section, operand, types);
  return { section, path, value: (item) => compute(item, path, operand) };
}

function checkType(section: string, operand: AttributeValue, types: readonly string[]): void {
  const type = typeOf(operand);
  if (types.includes(type)) return;
  throw expressionError(
    "UpdateExpression",
    `Incorrect operand type for operator or function; operator: ${section}, operand type: ${LONG_TYPE_NAMES[type] ?? type}, typeSet: ALLOWED_FOR_${section}_OPERAND`,
  );
}
