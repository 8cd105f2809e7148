import type { Members, World } from "../kernel/service.ts";
import { readConditions } from "./conditions.ts";
import { creationOrder } from "./creation-order.ts";
import { DefinitionError } from "./definition-error.ts";
import type { StackDefinition } from "./load-assembly.ts";
import { parameterValues, pseudoParameters } from "./parameters.ts";
import { type Reference, references, takenValue } from "./references.ts";
import { resolve, type Scope } from "./resolve.ts";
import type { TemplateResource } from "./template.ts";

/** A resource that is to exist: its condition, if any, holds. */
export interface PlannedResource extends TemplateResource {
  readonly logicalId: string;
}

interface PlannedOutput {
  readonly key: string;
  readonly value: unknown;
  readonly description?: string;
  readonly exportName?: string;
}

/** What is to be done for one stack, as far as it can be known before anything is created. */
export interface StackPlan {
  readonly name: string;
  readonly description?: string;
  readonly environment: string;
  /** The template as it was written. */
  readonly document: Members;
  /** The values of the template's own parameters. */
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  /** Without resources and exports, which come into being. */
  readonly scope: Scope;
  /** Each after those that it needs. */
  readonly resources: readonly PlannedResource[];
  readonly outputs: readonly PlannedOutput[];
  /** The names of other stacks' exports that this stack needs. */
  readonly imports: readonly string[];
}

/**
 * Settles a stack's parameters and conditions, checks every reference, and finds the order of creation.
 * @throws DefinitionError that names the stack and the place of what cannot be.
 */
export function planStack(stack: StackDefinition, ground: Pick<World, "accountId" | "region">): StackPlan {
  const parameters = parameterValues(stack);
  const scope = staticScope(stack, { ...pseudoParameters(stack.name, ground), ...parameters });
  for (const name of Object.keys(stack.template.conditions)) scope.condition(name);
  const resources = [...stack.template.resources]
    .map(([logicalId, resource]) => ({ logicalId, ...resource }))
    .filter(({ condition, logicalId }) => holds(condition, scope, logicalId));
  const needs = new Map(resources.map((each) => [each.logicalId, needsOf(each, scope)] as const));
  const outputs = Object.entries(stack.template.outputs).filter(([key, output]) =>
    holds(output["Condition"], scope, key),
  );
  const found = [
    ...[...needs.values()].flat(),
    ...outputs.flatMap(([key, output]) => references(output["Value"], scope, `Outputs.${key}.Value`)),
  ];
  for (const reference of found) checkTarget(reference, needs, stack);
  return {
    name: stack.name,
    ...(stack.template.description !== undefined && { description: stack.template.description }),
    environment: stack.environment,
    document: stack.document,
    parameters,
    scope,
    resources: inOrder(resources, needs, stack.name),
    outputs: outputs.map(([key, output]) => planOutput(key, output, scope)),
    imports: found.filter(({ kind }) => kind === "export").map(({ name }) => name),
  };
}

function staticScope(stack: StackDefinition, parameters: Scope["parameters"]): Scope {
  const scope = {
    stackName: stack.name,
    parameters,
    mappings: stack.template.mappings,
    resource: () => undefined,
    exported: () => undefined,
  };
  return { ...scope, condition: readConditions(stack.template.conditions, scope) };
}

function holds(condition: unknown, scope: Scope, name: string): boolean {
  if (condition === undefined) return true;
  const value = scope.condition(String(condition));
  if (value !== undefined) return value;
  throw new DefinitionError(
    "template-invalid",
    `Stack ${scope.stackName}, ${name}: the condition ${condition} is not defined.`,
  );
}

function needsOf(resource: PlannedResource, scope: Scope): readonly Reference[] {
  const at = `Resources.${resource.logicalId}`;
  const explicit = resource.dependsOn.map((name): Reference => ({ kind: "resource", name, at: `${at}.DependsOn` }));
  return [...references(resource.properties, scope, `${at}.Properties`), ...explicit];
}

function checkTarget({ kind, name, at }: Reference, known: ReadonlyMap<string, unknown>, stack: StackDefinition): void {
  if (kind === "export" || known.has(name)) return;
  const defined = stack.template.resources.has(name);
  // DependsOn of a resource whose condition does not hold is nothing to wait for.
  if (defined && at.endsWith(".DependsOn")) return;
  const why = defined ? "whose condition does not hold" : "which the template does not define";
  throw new DefinitionError("template-invalid", `Stack ${stack.name}, ${at} refers to ${name}, ${why}.`);
}

function inOrder(
  resources: readonly PlannedResource[],
  needs: ReadonlyMap<string, readonly Reference[]>,
  stackName: string,
): readonly PlannedResource[] {
  const names = new Map([...needs].map(([id, found]) => [id, found.map(({ name }) => name)] as const));
  const sorted = creationOrder(names);
  if ("cycle" in sorted) {
    throw new DefinitionError(
      "resource-cycle",
      `Stack ${stackName}: resources need each other: ${sorted.cycle.join(" → ")}. Break the circle.`,
    );
  }
  const byId = new Map(resources.map((each) => [each.logicalId, each] as const));
  return sorted.order.flatMap((id) => byId.get(id) ?? []);
}

function planOutput(key: string, output: Readonly<Record<string, unknown>>, scope: Scope): PlannedOutput {
  const exported = output["Export"] as { readonly Name?: unknown } | undefined;
  return {
    key,
    value: output["Value"],
    ...(typeof output["Description"] === "string" && { description: output["Description"] }),
    // AWS, too, takes no resource in an export's name, so that it is known beforehand.
    ...(exported && { exportName: String(resolve(exported.Name, scope, `Outputs.${key}.Export.Name`)) }),
  };
}

/** The names of a planned resource's top-level properties that have a value. */
export function presentProperties(resource: PlannedResource, scope: Scope): readonly string[] {
  return Object.keys(resource.properties).filter((name) => {
    const at = `Resources.${resource.logicalId}.Properties.${name}`;
    return takenValue(resource.properties[name], scope, at) !== undefined;
  });
}
