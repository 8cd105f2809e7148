import { isMembers } from "./read-document.ts";

/** An intrinsic function of its resolved argument alone; `refuse` throws a DefinitionError that names the place. */
export type PureFunction = (argument: unknown, refuse: Refuse) => unknown;

export type Refuse = (what: string) => never;

/** The intrinsic functions that need nothing but their argument (AWS's Intrinsic function reference). */
export const FUNCTIONS: Readonly<Record<string, PureFunction>> = {
  "Fn::And": (argument, refuse) => booleans(argument, 2, refuse).every(Boolean),
  "Fn::Base64": (argument, refuse) => Buffer.from(textOf(argument, refuse)).toString("base64"),
  "Fn::Equals": (argument, refuse) => equals(argument, refuse),
  "Fn::Join": (argument, refuse) => join(argument, refuse),
  "Fn::Length": (argument, refuse) => listOf(argument, refuse).length,
  "Fn::Not": (argument, refuse) => !booleans(argument, 1, refuse)[0],
  "Fn::Or": (argument, refuse) => booleans(argument, 2, refuse).some(Boolean),
  "Fn::Select": (argument, refuse) => select(argument, refuse),
  "Fn::Split": (argument, refuse) => split(argument, refuse),
  "Fn::ToJsonString": (argument, refuse) =>
    isMembers(argument) || Array.isArray(argument) ? JSON.stringify(argument) : refuse("wants an object or a list"),
};

function booleans(argument: unknown, least: number, refuse: Refuse): readonly boolean[] {
  const values = listOf(argument, refuse);
  // 10 is the most that AWS takes.
  if (values.length < least || values.length > 10) refuse(`wants at least ${least} and at most 10 conditions`);
  return values.map((value) => (typeof value === "boolean" ? value : refuse("wants conditions")));
}

function equals(argument: unknown, refuse: Refuse): boolean {
  const [left, right, ...more] = listOf(argument, refuse);
  if (right === undefined || more.length > 0) return refuse("wants two values");
  return JSON.stringify(left) === JSON.stringify(right) || String(left) === String(right);
}

function join(argument: unknown, refuse: Refuse): string {
  const [separator, values] = listOf(argument, refuse);
  if (typeof separator !== "string") return refuse("wants a separator and a list");
  return listOf(values, refuse)
    .map((value) => textOf(value, refuse))
    .join(separator);
}

function select(argument: unknown, refuse: Refuse): unknown {
  const [index, values] = listOf(argument, refuse);
  const value = listOf(values, refuse)[Number(index)];
  return value ?? refuse(`wants an index within the list, and has ${JSON.stringify(index)}`);
}

function split(argument: unknown, refuse: Refuse): readonly string[] {
  const [separator, text] = listOf(argument, refuse);
  if (typeof separator !== "string" || separator === "") return refuse("wants a separator and a text");
  return textOf(text, refuse).split(separator);
}

function listOf(value: unknown, refuse: Refuse): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(`wants a list, and has ${JSON.stringify(value)}`);
}

/** A text, a number or a truth value as text; anything else is refused. */
export function textOf(value: unknown, refuse: Refuse): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return refuse(`wants a text, and has ${JSON.stringify(value)}`);
}
