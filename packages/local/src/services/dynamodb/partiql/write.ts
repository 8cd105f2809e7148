import type { World } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import { project } from "../expressions/projection.ts";
import type { Scope } from "../expressions/scope.ts";
import type { UpdateAction } from "../expressions/syntax.ts";
import { bindActions, type UpdatePaths } from "../expressions/update.ts";
import { keyOfItem, keyOfRequest } from "../items/key.ts";
import type { Mutation, Written } from "../items/mutation.ts";
import { showsItem } from "../items/prepare.ts";
import { conditionFailed, validationError } from "../request/errors.ts";
import { needTable } from "../tables/catalog.ts";
import { keyAttributes, type Table } from "../tables/table.ts";
import { attribute, type Item, typeOf } from "../values/attribute-value.ts";
import { type StatementRequest, statementScope } from "./request.ts";
import type { Returning, StatementBody } from "./statement.ts";
import { needWholeKey, readWhere, type Where } from "./where.ts";

/** A statement that writes one item. */
export interface StatementWrite {
  readonly mutation: Mutation;
  /** What its RETURNING shows of the item. */
  readonly shown: (written: Written) => Item | undefined;
}

type Body<Kind extends StatementBody["kind"]> = Extract<StatementBody, { kind: Kind }>;

const NOTHING_TOUCHED: UpdatePaths = { touched: [], set: [] };

/** Makes a write of an INSERT, UPDATE or DELETE, or a check of an EXISTS. @throws ValidationException, ResourceNotFoundException */
export function planWrite(world: World, request: StatementRequest): StatementWrite {
  const { body } = request.statement;
  const table = needTable(world, body.table);
  switch (body.kind) {
    case "insert":
      return planInsert(table, request, body);
    case "update":
      return planUpdate(table, request, body);
    case "delete":
      return planDelete(table, request, body);
    case "exists":
      return planCheck(table, request, body);
    case "select":
      throw validationError("A SELECT does not write");
  }
}

function planInsert(table: Table, request: StatementRequest, body: Body<"insert">): StatementWrite {
  const item = body.item(request.parameters).M ?? {};
  for (const { name, type } of keyAttributes(table.key)) {
    const value = attribute(item, name);
    if (!value) throw validationError(`Key attribute should be present in the item: Key ${name}`);
    if (typeOf(value) === type) continue;
    throw validationError(`Key attribute's data type should match its data type in table's schema: Key ${name}`);
  }
  const mutation: Mutation = {
    table,
    key: keyOfItem(table, item),
    condition: (before) => !isThere(table, before),
    refusal: duplicateItem,
    after: () => item,
  };
  return { mutation, shown: () => undefined };
}

function planUpdate(table: Table, request: StatementRequest, body: Body<"update">): StatementWrite {
  const scope = statementScope(request, table);
  const where = readWhere(scope, table.key, body.where);
  needWholeKey(table.key, where);
  checkSets(scope, body.actions);
  const update = bindActions(scope, table.key, body.actions);
  const mutation: Mutation = {
    ...keyed(table, request, where),
    condition: (before) => isThere(table, before) && (where.rest?.(before) ?? true),
    after: (before) => update.apply(before ?? where.key),
  };
  return { mutation, shown: (written) => returned(body.returning, update.paths, written) };
}

/** ADD and DELETE come of set_add and set_delete, which take sets only. */
function checkSets(scope: Scope, actions: readonly UpdateAction[]): void {
  for (const action of actions) {
    if (action.section !== "ADD" && action.section !== "DELETE") continue;
    const value = scope.values.get(action.value);
    if (value?.SS ?? value?.NS ?? value?.BS) continue;
    throw validationError(`The second argument to SET_${action.section} must be a value with type SET`);
  }
}

function planDelete(table: Table, request: StatementRequest, body: Body<"delete">): StatementWrite {
  const { returning } = body;
  if (returning !== undefined && returning !== "ALL OLD") {
    throw validationError(
      `Invalid returning clause: RETURNING ${returning} *. Only RETURNING ALL OLD * is allowed in DELETE statements.`,
    );
  }
  const where = readWhere(statementScope(request, table), table.key, body.where);
  needWholeKey(table.key, where);
  const mutation: Mutation = { ...keyed(table, request, where), condition: where.rest, after: () => undefined };
  return { mutation, shown: (written) => returned(returning, NOTHING_TOUCHED, written) };
}

function planCheck(table: Table, request: StatementRequest, body: Body<"exists">): StatementWrite {
  const where = readWhere(statementScope(request, table), table.key, body.where);
  needWholeKey(table.key, where);
  if (!where.rest) throw validationError("EXISTS() must contain a single item read with additional condition");
  const mutation: Mutation = { ...keyed(table, request, where), condition: where.rest, after: (before) => before };
  return { mutation, shown: () => undefined };
}

function keyed(table: Table, { input }: StatementRequest, { key }: Where): Pick<Mutation, "table" | "key" | "refusal"> {
  const refusal = showsItem(input) ? conditionFailed : () => conditionFailed();
  return { table, key: keyOfRequest(table.key, key), refusal };
}

/** A condition sees an item that is not there as one without attributes. */
function isThere(table: Table, item: Item): boolean {
  return Object.hasOwn(item, table.key.hash.name);
}

function duplicateItem(): ServiceError {
  return new ServiceError("DuplicateItemException", "Duplicate primary key exists in table");
}

function returned(returning: Returning | undefined, paths: UpdatePaths, written: Written): Item | undefined {
  if (returning === undefined) return undefined;
  const item = (returning.endsWith("OLD") ? written.before : written.after)?.item;
  if (!item || returning.startsWith("ALL")) return item;
  const shown = project(item, returning === "MODIFIED NEW" ? paths.set : paths.touched);
  return Object.keys(shown).length > 0 ? shown : undefined;
}
