import type { Random } from "./random.ts";
import { anyValue, attributeValue, type Wire } from "./random-values.ts";

/** Names and values that go with expressions. */
export interface Parameters {
  names: Record<string, string>;
  values: Record<string, Wire>;
}

const ATTRIBUTES = ["c", "d", "e", "l", "m", "n", "s", "x", "g", "a", "b"];

/** The members that carry parameters, where there are any. */
export function parameterMembers({ names, values }: Parameters): Record<string, unknown> {
  return {
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}

/** A condition; now and then one that is refused. */
export function anyCondition(random: Random, parameters: Parameters, depth = 0): string {
  const inner = (): string => anyCondition(random, parameters, depth + 1);
  const operand = (): string => anyOperand(random, parameters);
  switch (random.below(depth > 2 ? 8 : 12)) {
    case 0:
      return `attribute_exists(${path(random, parameters)})`;
    case 1:
      return `attribute_not_exists(${path(random, parameters)})`;
    case 2:
      return `begins_with(${path(random, parameters)}, ${random.oneIn(9) ? value(random, parameters) : given(parameters, { S: random.pick(["", "a", "ab"]) })})`;
    case 3:
      return `contains(${path(random, parameters)}, ${operand()})`;
    case 4:
      return `attribute_type(${path(random, parameters)}, ${given(parameters, { S: random.pick(["S", "N", "L", "M", "SS", "NULL"]) })})`;
    case 5:
      return `${ordered(random, parameters)} BETWEEN ${ordered(random, parameters)} AND ${ordered(random, parameters)}`;
    case 6:
      return `${operand()} IN (${operand()}, ${operand()})`;
    case 7:
      return random.oneIn(2)
        ? `${operand()} ${random.pick(["=", "<>"])} ${operand()}`
        : `${ordered(random, parameters)} ${random.pick(["<", "<=", ">", ">="])} ${ordered(random, parameters)}`;
    case 8:
      return `${inner()} AND ${inner()}`;
    case 9:
      return `${inner()} OR ${inner()}`;
    case 10:
      return `NOT ${inner()}`;
    default:
      return random.oneIn(10) ? broken(random) : `(${inner()})`;
  }
}

/** An update of some attributes; now and then one that is refused. */
export function anyUpdate(random: Random, parameters: Parameters): string {
  const targets = new Set<string>();
  const sections = ["SET", "REMOVE", "ADD", "DELETE"].filter(() => random.oneIn(2));
  if (random.oneIn(60)) return random.pick(["SET", "SET c", "FOO c", "SET c = c + ", "REMOVE c,", "ADD c 1"]);
  return (sections.length > 0 ? sections : ["SET"])
    .map((section) => {
      const actions = Array.from({ length: 1 + random.below(2) }, () =>
        anyAction(random, parameters, section, targets),
      );
      return `${section} ${actions.join(", ")}`;
    })
    .join(" ");
}

/** A projection of some paths. */
export function anyProjection(random: Random, parameters: Parameters): string {
  return Array.from({ length: 1 + random.below(3) }, () => path(random, parameters)).join(", ");
}

/** A name for a value that is given with the request. */
export function given(parameters: Parameters, wire: Wire): string {
  const name = `:v${Object.keys(parameters.values).length}`;
  parameters.values[name] = wire;
  return name;
}

/** A document path. */
function path(random: Random, parameters: Parameters): string {
  const root = random.pick(ATTRIBUTES.slice(0, random.oneIn(8) ? undefined : 8));
  const parts = [name(random, parameters, root)];
  if (root === "m" && random.oneIn(2)) parts.push(`.${random.pick(["p", "q", "r"])}`);
  if (root === "l" && random.oneIn(2)) parts.push(`[${random.below(4)}]`);
  if (!"abg".includes(root) && random.oneIn(12)) parts.push(random.oneIn(2) ? ".p" : "[0]");
  return parts.join("");
}

function anyAction(random: Random, parameters: Parameters, section: string, targets: Set<string>): string {
  const target = updatable(random, parameters, targets);
  if (section === "REMOVE") return target;
  if (section === "ADD") return `${target} ${given(parameters, addable(random))}`;
  if (section === "DELETE") return `${target} ${given(parameters, attributeValue(random, "s"))}`;
  switch (random.below(6)) {
    case 0:
      return `${target} = ${random.oneIn(9) ? anyOperand(random, parameters) : number(random, parameters)} ${random.pick(["+", "-"])} ${number(random, parameters)}`;
    case 1:
      return `${target} = if_not_exists(${path(random, parameters)}, ${value(random, parameters)})`;
    case 2:
      return `${target} = list_append(${random.oneIn(2) ? "l" : given(parameters, attributeValue(random, "l"))}, ${given(parameters, { L: [anyValue(random, 2)] })})`;
    case 3:
      return `${target} = ${path(random, parameters)}`;
    default:
      return `${target} = ${value(random, parameters)}`;
  }
}

/** Never a key: DynamoDB Local looks at the condition first, and lets an index's key get a wrong type; AWS does not. */
function updatable(random: Random, parameters: Parameters, targets: Set<string>): string {
  for (;;) {
    const names = { ...parameters.names };
    const target = path(random, parameters);
    const root = target.replace("#", "").slice(0, 1);
    if (!"abg".includes(root) && (!targets.has(root) || random.oneIn(15))) {
      targets.add(root);
      return target;
    }
    parameters.names = names;
  }
}

function addable(random: Random): Wire {
  return random.oneIn(2) ? { N: random.pick(["1", "-1", "0.1", "1e10"]) } : attributeValue(random, "s");
}

function anyOperand(random: Random, parameters: Parameters): string {
  switch (random.below(8)) {
    case 0:
      return `size(${path(random, parameters)})`;
    case 1:
    case 2:
    case 3:
      return path(random, parameters);
    default:
      return value(random, parameters);
  }
}

/** An operand of a comparison that wants an order: seldom a value that has none. */
function ordered(random: Random, parameters: Parameters): string {
  if (random.oneIn(2)) return anyOperandPath(random, parameters);
  return random.oneIn(15)
    ? value(random, parameters)
    : given(parameters, random.oneIn(3) ? { S: random.pick(["", "a", "b"]) } : { N: random.pick(["0", "1", "2.5"]) });
}

function anyOperandPath(random: Random, parameters: Parameters): string {
  return random.oneIn(4) ? `size(${path(random, parameters)})` : path(random, parameters);
}

function number(random: Random, parameters: Parameters): string {
  return random.oneIn(4) ? "n" : given(parameters, { N: random.pick(["1", "2.5", "-3", "1e-5", "1e30"]) });
}

function value(random: Random, parameters: Parameters): string {
  return given(parameters, anyValue(random, 1));
}

function name(random: Random, parameters: Parameters, attribute: string): string {
  if (random.oneIn(3)) {
    parameters.names[`#${attribute}`] = attribute;
    return `#${attribute}`;
  }
  return attribute;
}

function broken(random: Random): string {
  return random.pick([
    "c = ",
    "c",
    "((c = d))",
    "c == d",
    "nope(c)",
    "size(c)",
    "name = d",
    "c = :missing",
    "#no = d",
    "c = d e",
  ]);
}
