import type { Resource } from "../kernel/resource.ts";
import type { Members } from "../kernel/service.ts";
import { DefinitionError } from "./definition-error.ts";
import { FUNCTIONS, type Refuse, textOf } from "./functions.ts";
import { localAddresses } from "./local-addresses.ts";
import { isMembers } from "./read-document.ts";
import { splitText } from "./substitution.ts";

/** What the intrinsic functions of one stack can refer to. */
export interface Scope {
  readonly stackName: string;
  /** Parameters and pseudo parameters, by name. */
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  readonly mappings: Members;
  /** The value of a condition, or undefined where the template has none of that name. */
  readonly condition: (name: string) => boolean | undefined;
  /** A resource that exists by now. */
  readonly resource: (logicalId: string) => Resource | undefined;
  /** What a stack exports under a name. */
  readonly exported: (name: string) => string | undefined;
  /** The region's own address, where addresses of APIs lead to. @default they stay as on AWS */
  readonly endpoint?: string;
}

/** An intrinsic function call: `{ "Fn::Join": [...] }`. */
export interface Call {
  readonly name: string;
  readonly argument: unknown;
}

/**
 * Replaces the intrinsic functions in a value of a template; `AWS::NoValue` is undefined, and leaves its object or list.
 * @param at where the value stands, for messages: `Resources.Orders.Properties.RedrivePolicy`
 * @throws DefinitionError that names the stack, the place and what cannot be resolved there.
 */
export function resolve(value: unknown, scope: Scope, at: string): unknown {
  if (Array.isArray(value)) {
    return value.map((each, index) => resolve(each, scope, `${at}[${index}]`)).filter((each) => each !== undefined);
  }
  if (!isMembers(value)) return value;
  const call = callOf(value, scope.stackName, at);
  if (call) return evaluate(call, scope, at);
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, resolve(member, scope, `${at}.${key}`)] as const)
      .filter(([, member]) => member !== undefined),
  );
}

/** The intrinsic function call that an object is, if it is one. @throws DefinitionError for one with other keys beside it */
export function callOf(value: Members, stackName: string, at: string): Call | undefined {
  const keys = Object.keys(value);
  const name = keys.find((key) => key.startsWith("Fn::")) ?? keys[0];
  if (name === undefined || !isIntrinsic(name, at)) return undefined;
  if (keys.length === 1) return { name, argument: value[name] };
  if (name.startsWith("Fn::")) return refusal(stackName, at, name)("stands beside other keys");
  return undefined;
}

/** A condition's name calls it only among conditions; elsewhere `Condition` is a member like any other. */
function isIntrinsic(key: string, at: string): boolean {
  return key === "Ref" || key.startsWith("Fn::") || (key === "Condition" && at.startsWith("Conditions."));
}

/** Makes the function that refuses, naming the stack, the place and the intrinsic function. */
export function refusal(stackName: string, at: string, name: string): Refuse {
  return (what) => {
    throw new DefinitionError("template-invalid", `Stack ${stackName}, ${at}: ${name} ${what}.`);
  };
}

type ScopedFunction = (argument: unknown, scope: Scope, refuse: Refuse, at: string) => unknown;

const SCOPED: Readonly<Record<string, ScopedFunction>> = {
  Condition: (name, scope, refuse) => conditionOf(name, scope, refuse),
  "Fn::FindInMap": findInMap,
  "Fn::GetAZs": (argument, scope, refuse, at) => {
    const region = textOf(resolve(argument, scope, at), refuse) || scope.parameters["AWS::Region"];
    return ["a", "b", "c"].map((zone) => `${region}${zone}`);
  },
  "Fn::GetAtt": (argument, scope, refuse) => getAttribute(attributePath(argument, refuse), scope, refuse),
  "Fn::If": (argument, scope, refuse, at) => resolve(takenBranch(argument, scope, refuse), scope, at),
  "Fn::ImportValue": (argument, scope, refuse, at) => {
    const name = textOf(resolve(argument, scope, at), refuse);
    return scope.exported(name) ?? refuse(`finds no export named ${name}`);
  },
  "Fn::Sub": substitute,
  Ref: (name, scope, refuse) => reference(textOf(name, refuse), scope, refuse),
};

/** The names of the intrinsic functions that are carried out. */
export const INTRINSICS: ReadonlySet<string> = new Set([...Object.keys(FUNCTIONS), ...Object.keys(SCOPED)]);

function evaluate({ name, argument }: Call, scope: Scope, at: string): unknown {
  const refuse = refusal(scope.stackName, at, name);
  const scoped = SCOPED[name];
  if (scoped) return localAddresses(scoped(argument, scope, refuse, at), scope.endpoint);
  const pure = FUNCTIONS[name] ?? refuse("is not supported");
  return localAddresses(pure(resolve(argument, scope, at), refuse), scope.endpoint);
}

function conditionOf(name: unknown, scope: Scope, refuse: Refuse): boolean {
  return scope.condition(String(name)) ?? refuse(`names the condition ${name}, which the template does not define`);
}

/** The branch of an Fn::If that its condition takes, unresolved. */
export function takenBranch(argument: unknown, scope: Scope, refuse: Refuse): unknown {
  if (!Array.isArray(argument) || argument.length !== 3) return refuse("wants a condition and two values");
  return conditionOf(argument[0], scope, refuse) ? argument[1] : argument[2];
}

function reference(name: string, scope: Scope, refuse: Refuse): unknown {
  if (name === "AWS::NoValue") return undefined;
  if (Object.hasOwn(scope.parameters, name)) return scope.parameters[name];
  return scope.resource(name)?.ref ?? refuse(`refers to ${name}, which does not exist`);
}

/** The logical id and the attribute that an Fn::GetAtt names, in its list form or as `Resource.Attribute`. */
export function attributePath(argument: unknown, refuse: Refuse): readonly [logicalId: string, attribute: string] {
  const parts = typeof argument === "string" ? argument.split(".") : argument;
  if (!Array.isArray(parts) || parts.length < 2) return refuse("wants a resource and an attribute");
  return [
    String(parts[0]),
    parts
      .slice(1)
      .map((part) => textOf(part, refuse))
      .join("."),
  ];
}

function getAttribute([logicalId, name]: readonly [string, string], scope: Scope, refuse: Refuse): string {
  const resource = scope.resource(logicalId) ?? refuse(`refers to ${logicalId}, which does not exist`);
  const known = Object.keys(resource.attributes).join(", ") || "none";
  return resource.attributes[name] ?? refuse(`finds no attribute ${name} of ${logicalId} (it has: ${known})`);
}

function substitute(argument: unknown, scope: Scope, refuse: Refuse, at: string): string {
  const [template, given] = substitution(argument, refuse);
  const own = resolve(given, scope, at) as Members;
  const replace = (variable: string): unknown => {
    if (Object.hasOwn(own, variable)) return own[variable];
    return variable.includes(".")
      ? getAttribute(attributePath(variable, refuse), scope, refuse)
      : reference(variable, scope, refuse);
  };
  return splitText(template)
    .map((part) => ("text" in part ? part.text : textOf(replace(part.variable), refuse)))
    .join("");
}

/** The text and the own variables of an Fn::Sub, in either of its forms. */
export function substitution(argument: unknown, refuse: Refuse): readonly [text: string, variables: Members] {
  const [template, variables = {}] = Array.isArray(argument) ? argument : [argument];
  if (typeof template !== "string" || !isMembers(variables)) return refuse("wants a text, and an object of variables");
  return [template, variables];
}

function findInMap(argument: unknown, scope: Scope, refuse: Refuse, at: string): unknown {
  if (!Array.isArray(argument) || argument.length < 3) return refuse("wants a map and two keys");
  const [map, first, second, options] = argument;
  const [name, top, key] = [map, first, second].map((each) => textOf(resolve(each, scope, at), refuse)) as string[];
  const found = [name, top, key].reduce<unknown>(
    (level, each) => (isMembers(level) && Object.hasOwn(level, String(each)) ? level[String(each)] : undefined),
    scope.mappings,
  );
  if (found !== undefined) return found;
  if (isMembers(options) && "DefaultValue" in options) return resolve(options["DefaultValue"], scope, at);
  return refuse(`finds nothing at ${name}.${top}.${key}`);
}
