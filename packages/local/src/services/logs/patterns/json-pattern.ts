import { remembered } from "../../../kernel/remembered.ts";
import { invalidPattern } from "../errors.ts";
import { readCondition } from "./condition.ts";
import type { FilterPattern } from "./filter-pattern.ts";
import { readTokens } from "./tokens.ts";

/** Steps of a selector: a member, an element, or all of what there is. */
type Step = number | string | typeof ANY;
const ANY = Symbol("any");

/** Reads `{ $.level = "error" && $.items[0].price > 5 }`. @throws InvalidParameterException */
export function readJsonPattern(pattern: string): FilterPattern {
  if (!pattern.endsWith("}")) throw invalidPattern(pattern, "its { is not closed");
  const selectors = new Map<string, readonly Step[]>();
  const field = (name: string): string => {
    selectors.set(name, readSelector(pattern, name));
    return name;
  };
  const tokens = readTokens(pattern, pattern.slice(1, -1));
  const fits = readCondition(tokens, { field, numbersInTexts: false });
  if (!tokens.ended) tokens.refuse("&&, || or }");
  return (message) => {
    const root = parse(message);
    if (root === undefined) return undefined;
    const read = (name: string): readonly unknown[] => select(root, selectors.get(name) ?? []);
    if (!fits(read)) return undefined;
    const textOf = (name: string): string | undefined =>
      shown(select(root, selectors.get(name) ?? readSelector(pattern, name))[0]);
    const extracted: Record<string, string> = {};
    for (const name of selectors.keys()) {
      const text = textOf(name);
      if (text !== undefined) extracted[name] = text;
    }
    return { valueOf: textOf, extracted };
  };
}

/** The steps of `$.a.b[0]`, `$.['dotted.name']` or `$.a[*].b`. */
function readSelector(pattern: string, selector: string): readonly Step[] {
  if (!/^\$(?:\.[\w*-]+|\.?\['[^']*'\]|\.?\[(?:\d+|\*)\])+$/.test(selector)) {
    throw invalidPattern(pattern, `${selector} selects nothing: selectors begin with $.`);
  }
  return [...selector.matchAll(/\.([\w*-]+)|\['([^']*)'\]|\[(\d+|\*)\]/g)].map(([, member, quoted, index]) => {
    if (member === "*" || index === "*") return ANY;
    return index === undefined ? (member ?? quoted ?? "") : Number(index);
  });
}

/** Only an object or a list as a whole is a JSON event; each pattern of a group asks for the same one in turn. */
const parse: (message: string) => object | undefined = remembered(1, (message) => {
  if (!/^\s*[{[]/.test(message)) return undefined;
  try {
    return JSON.parse(message) as object;
  } catch {
    return undefined;
  }
});

function select(root: unknown, steps: readonly Step[]): readonly unknown[] {
  let found: readonly unknown[] = [root];
  for (const step of steps) found = found.flatMap((value) => follow(value, step));
  return found;
}

function follow(value: unknown, step: Step): readonly unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if (step === ANY) return Object.values(value);
  if (typeof step === "number") return Array.isArray(value) && step < value.length ? [value[step]] : [];
  return !Array.isArray(value) && Object.hasOwn(value, step) ? [(value as Record<string, unknown>)[step]] : [];
}

function shown(value: unknown): string | undefined {
  return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
}
