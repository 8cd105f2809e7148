import type { Members } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import { serializationError, validationError } from "../request/errors.ts";
import { type KeySchema, keyAttributes, type Table } from "../tables/table.ts";
import type { AttributeValue } from "../values/attribute-value.ts";
import { parseValue } from "../values/validate.ts";
import { type ExpressionKind, expressionError } from "./reader.ts";
import { RESERVED_WORDS } from "./reserved-words.ts";
import type { RawPath } from "./syntax.ts";

/** A document path: attribute names and list positions. */
export type Path = readonly (string | number)[];

/** The names and values that a request's expressions refer to, and which of them were used. */
export interface Scope {
  readonly names: ReadonlyMap<string, string>;
  readonly values: ReadonlyMap<string, AttributeValue>;
  readonly usedNames: Set<string>;
  readonly usedValues: Set<string>;
  /** The table's keys, and its indexes': scalars, so no path leads into them. */
  readonly table: Table;
  /** Words that are no names unless they are aliased. */
  readonly reserved: ReadonlySet<string>;
}

/** A scope for expressions that have no parameters. */
export function emptyScope(table: Table): Scope {
  return {
    names: new Map(),
    values: new Map(),
    usedNames: new Set(),
    usedValues: new Set(),
    table,
    reserved: RESERVED_WORDS,
  };
}

/** Reads ExpressionAttributeNames and ExpressionAttributeValues. @throws ValidationException as DynamoDB words it */
export function readScope(input: Members, table: Table, expressions: readonly ExpressionKind[]): Scope {
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
  const scope = emptyScope(table);
  if (names === undefined && values === undefined) return scope;
  const missing = (kind: ExpressionKind): boolean => input[kind] === undefined;
  if (names !== undefined && expressions.every(missing)) {
    throw validationError("ExpressionAttributeNames can only be specified when using expressions");
  }
  const withValues = expressions.filter((kind) => kind !== "ProjectionExpression");
  if (values !== undefined && withValues.every(missing)) {
    const verb = withValues.length === 1 ? "is" : "are";
    throw validationError(
      `ExpressionAttributeValues can only be specified when using expressions: ${withValues.join(" and ")} ${verb} null`,
    );
  }
  return { ...scope, names: readNames(names), values: readValues(values) };
}

/** Refuses names and values that no expression used. @throws ValidationException */
export function checkAllUsed(scope: Scope): void {
  refuseUnused("ExpressionAttributeNames", scope.names, scope.usedNames);
  refuseUnused("ExpressionAttributeValues", scope.values, scope.usedValues);
}

/** The path that an expression means. @throws ValidationException for an unknown alias, a reserved word, or a path into a key */
export function resolvePath(scope: Scope, kind: ExpressionKind, raw: RawPath): Path {
  const path = raw.map((part) => {
    if (typeof part === "number") return part;
    if (part.startsWith("#")) return resolveName(scope, kind, part);
    if (!scope.reserved.has(part.toUpperCase())) return part;
    throw expressionError(kind, `Attribute name is a reserved keyword; reserved keyword: ${part}`);
  });
  if (path.length > 1) checkNoKey(scope.table, String(path[0]));
  return path;
}

/** The value that an expression means. @throws ValidationException where it is not defined */
export function resolveValue(scope: Scope, kind: ExpressionKind, name: string): AttributeValue {
  scope.usedValues.add(name);
  const value = scope.values.get(name);
  if (value) return value;
  throw expressionError(
    kind,
    `An expression attribute value used in expression is not defined; attribute value: ${name}`,
  );
}

/** A path as DynamoDB's messages show it. */
export function showPath(path: Path): string {
  return `[${path.map((part) => (typeof part === "number" ? `[${part}]` : part)).join(", ")}]`;
}

/** Keys are scalars: no path leads into them. */
function checkNoKey({ key, indexes }: Table, name: string): void {
  const isKeyOf = (schema: KeySchema): boolean => keyAttributes(schema).some((each) => each.name === name);
  const kind = isKeyOf(key) ? "Key" : indexes.some((each) => isKeyOf(each.key)) ? "IndexKey" : undefined;
  if (!kind) return;
  throw validationError(
    `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ${kind}: ${name}`,
  );
}

function resolveName(scope: Scope, kind: ExpressionKind, alias: string): string {
  scope.usedNames.add(alias);
  const name = scope.names.get(alias);
  if (name !== undefined) return name;
  throw expressionError(
    kind,
    `An expression attribute name used in the document path is not defined; attribute name: ${alias}`,
  );
}

function readNames(raw: unknown): Map<string, string> {
  return readParameters(raw, "ExpressionAttributeNames", /^#[A-Za-z0-9_]+$/, (name, alias) => {
    if (typeof name !== "string") throw serializationError(`The value of ${alias} is not a string.`);
    if (name !== "") return name;
    throw validationError(`ExpressionAttributeNames contains invalid value: Empty attribute name for key ${alias}`);
  });
}

function readValues(raw: unknown): Map<string, AttributeValue> {
  return readParameters(raw, "ExpressionAttributeValues", /^:[A-Za-z0-9_]+$/, (value, name) => {
    try {
      return parseValue(value);
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== "ValidationException") throw error;
      throw validationError(`ExpressionAttributeValues contains invalid value: ${error.message} for key ${name}`);
    }
  });
}

function readParameters<T>(
  raw: unknown,
  member: string,
  pattern: RegExp,
  read: (value: unknown, key: string) => T,
): Map<string, T> {
  if (raw === undefined || raw === null) return new Map();
  if (typeof raw !== "object" || Array.isArray(raw)) throw serializationError(`${member} is not a map.`);
  const entries = Object.entries(raw);
  if (entries.length === 0) throw validationError(`${member} must not be empty`);
  for (const [key] of entries) {
    if (!pattern.test(key)) throw validationError(`${member} contains invalid key: Syntax error; key: "${key}"`);
  }
  return new Map(entries.map(([key, value]) => [key, read(value, key)]));
}

function refuseUnused(member: string, given: ReadonlyMap<string, unknown>, used: ReadonlySet<string>): void {
  if (given.size === used.size) return;
  const unused = [...given.keys()].filter((key) => !used.has(key));
  if (unused.length === 0) return;
  throw validationError(`Value provided in ${member} unused in expressions: keys: {${unused.join(", ")}}`);
}
