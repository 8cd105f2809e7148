import type { Members } from "../kernel/service.ts";
import { isMembers } from "./read-document.ts";
import {
  attributePath,
  callOf,
  INTRINSICS,
  refusal,
  resolve,
  type Scope,
  substitution,
  takenBranch,
} from "./resolve.ts";
import { splitText } from "./substitution.ts";

/** One thing that a value of a template needs, and where it does. */
export interface Reference {
  readonly kind: "resource" | "export";
  readonly name: string;
  readonly at: string;
}

/**
 * Finds what a value of a template refers to: resources and other stacks' exports, in the branches that its conditions take.
 * @throws DefinitionError for an intrinsic function that is not carried out, by name.
 */
export function references(value: unknown, scope: Scope, at: string): readonly Reference[] {
  if (typeof value === "string" && value.includes("{{resolve:")) {
    refusal(scope.stackName, at, "a dynamic reference")(`(${value}) is not supported`);
  }
  if (Array.isArray(value)) return value.flatMap((each, index) => references(each, scope, `${at}[${index}]`));
  if (!isMembers(value)) return [];
  const call = callOf(value, scope.stackName, at);
  if (!call) return Object.entries(value).flatMap(([key, member]) => references(member, scope, `${at}.${key}`));
  const refuse = refusal(scope.stackName, at, call.name);
  const resource = (name: string): readonly Reference[] =>
    Object.hasOwn(scope.parameters, name) || name === "AWS::NoValue" ? [] : [{ kind: "resource", name, at }];
  switch (call.name) {
    case "Ref":
      return resource(String(call.argument));
    case "Fn::GetAtt":
      return resource(attributePath(call.argument, refuse)[0]);
    case "Fn::If":
      return references(takenBranch(call.argument, scope, refuse), scope, at);
    case "Fn::ImportValue":
      return [{ kind: "export", name: String(resolve(call.argument, scope, at)), at }];
    case "Fn::Sub": {
      const [text, variables] = substitution(call.argument, refuse);
      return [...references(variables, scope, at), ...variablesOf(text, variables).flatMap(resource)];
    }
    default:
      if (!INTRINSICS.has(call.name)) refuse("is not supported");
      return references(call.argument, scope, at);
  }
}

function variablesOf(text: string, own: Members): readonly string[] {
  return splitText(text).flatMap((part) =>
    "text" in part || Object.hasOwn(own, part.variable) ? [] : (part.variable.split(".")[0] ?? []),
  );
}

/** What stands at a place of a template once its conditions are settled: the branch of an Fn::If, or undefined for no value. */
export function takenValue(value: unknown, scope: Scope, at: string): unknown {
  const call = isMembers(value) ? callOf(value, scope.stackName, at) : undefined;
  if (call?.name === "Ref" && call.argument === "AWS::NoValue") return undefined;
  if (call?.name !== "Fn::If") return value;
  return takenValue(takenBranch(call.argument, scope, refusal(scope.stackName, at, call.name)), scope, at);
}
