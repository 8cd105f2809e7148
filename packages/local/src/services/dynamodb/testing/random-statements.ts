import type { Random } from "./random.ts";
import { anyKey, type Request } from "./random-requests.ts";
import { anyValue, attributeValue, keyValue, type Wire } from "./random-values.ts";

interface Statement {
  readonly Statement: string;
  readonly Parameters?: readonly Wire[];
}

/** A PartiQL statement, alone or in a batch of which each is about another item. */
export function anyStatements(random: Random): Request {
  if (random.oneIn(2)) return { action: "ExecuteStatement", input: { ...anyStatement(random, "composite", {}) } };
  const read = random.oneIn(4);
  const Statements = ["k1", "k2", "k3"].map((a) => {
    const key = { a: { S: a }, b: keyValue(random, "N") };
    return read ? select(random, key) : anyWrite(random, key);
  });
  return { action: "BatchExecuteStatement", input: { Statements } };
}

function anyStatement(random: Random, table: string, fixed: Record<string, Wire>): Statement {
  const key = { ...anyKey(random, table), ...fixed };
  return random.oneIn(4) ? select(random, key) : anyWrite(random, key);
}

function anyWrite(random: Random, key: Record<string, Wire>): Statement {
  if (random.oneIn(3)) return insert(random, key);
  const parameters: Wire[] = [];
  const given = (value: Wire): string => {
    parameters.push(value);
    return "?";
  };
  const verb = random.oneIn(2)
    ? `DELETE FROM "composite"`
    : `UPDATE "composite" ${Array.from({ length: 1 + random.below(2) }, (_, position) => change(random, given, position)).join(" ")}`;
  const where = [`"a" = ${given(key["a"] as Wire)}`, `b = ${given(key["b"] as Wire)}`];
  if (random.oneIn(2)) where.push(condition(random, given));
  const returning = random.oneIn(3) ? " RETURNING ALL OLD *" : "";
  return withParameters(`${verb} WHERE ${where.join(" AND ")}${returning}`, parameters);
}

function insert(random: Random, key: Record<string, Wire>): Statement {
  const value = anyValue(random);
  const items = `'a': '${key["a"]?.["S"]}', 'b': ${random.oneIn(30) ? "'x'" : "?"}, 'c': ?, 'l': [1, 'two', {'p': TRUE, 'q': NULL}], 's': <<'p', 'q'>>`;
  const parameters = items.includes("'b': ?") ? [key["b"] as Wire, value] : [value];
  return withParameters(`INSERT INTO composite VALUE {${items}}`, parameters);
}

function select(random: Random, key: Record<string, Wire>): Statement {
  const shown = random.pick(["*", "a, c", "l"]);
  return withParameters(`SELECT ${shown} FROM composite WHERE a = ? AND b = ?`, [key["a"] as Wire, key["b"] as Wire]);
}

/** The attributes differ by position, so that no two changes touch one. */
function change(random: Random, given: (value: Wire) => string, position: number): string {
  const [plain, set, list] = position === 0 ? ["c", "s", "l"] : ["d", "x", "e"];
  switch (random.below(6)) {
    case 0:
      return `SET n${position} = if_not_exists(n${position}, 0) + ${given({ N: "2.5" })}`;
    case 1:
      return `SET ${set} = set_add(${set}, <<'p', 'r'>>)`;
    case 2:
      return `SET ${set} = set_delete(${set}, <<'p'>>)`;
    case 3:
      return `SET ${list} = list_append(${list}, [{'z': 'it''s'}, -1.50])`;
    case 4:
      return `REMOVE ${plain}`;
    default:
      return `SET ${plain} = ${given(attributeValue(random, plain as string))}`;
  }
}

function condition(random: Random, given: (value: Wire) => string): string {
  switch (random.below(6)) {
    case 0:
      return `c IS ${random.oneIn(2) ? "NOT " : ""}MISSING`;
    case 1:
      return `(attribute_exists(l) OR contains(s, 'q'))`;
    case 2:
      return `n0 BETWEEN 0 AND ${given({ N: "5" })}`;
    case 3:
      return `NOT begins_with(c, 'a')`;
    case 4:
      return `l[1] IN ['two', 1]`;
    default:
      return `c <> ${given(anyValue(random, 2))}`;
  }
}

function withParameters(statement: string, parameters: readonly Wire[]): Statement {
  return { Statement: statement, ...(parameters.length > 0 && { Parameters: parameters }) };
}
