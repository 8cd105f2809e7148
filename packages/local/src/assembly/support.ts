import type { ResourceProvider } from "../kernel/resource.ts";
import { DefinitionError } from "./definition-error.ts";
import { withoutLocalMeaning } from "./local-meaning.ts";
import { type PlannedResource, presentProperties, type StackPlan } from "./plan-stack.ts";
import { isMembers } from "./read-document.ts";

/** The providers of the region's services, by resource type. */
export type Providers = Readonly<Record<string, ResourceProvider>>;

/** What is in the assembly and has no effect in the local region: a type (`AWS::IAM::Role`) or a property (`AWS::SQS::Queue.Tags`). */
export interface WithoutEffect {
  readonly type: string;
  readonly count: number;
  readonly reason: string;
}

interface Refusal {
  readonly line: string;
  /** What is refused: a type or a property. */
  readonly what: string;
}

/** How a resource is carried out: by a provider, or, for a reason, not at all. */
export type Support = { readonly provider: ResourceProvider } | { readonly reason: string };

/** Finds how each resource of a stack is carried out; undefined for one that is not supported. */
export function supportIn(plan: StackPlan, providers: Providers): (resource: PlannedResource) => Support | undefined {
  const handlers = new Set(plan.resources.filter((each) => isCustom(each.type)).map(handlerOf));
  return ({ type, logicalId }) => {
    if (handlers.has(logicalId)) return { reason: "it serves a custom resource, whose effect is carried out directly" };
    const provider = providers[type];
    if (provider) return { provider };
    const reason = withoutLocalMeaning(type);
    return reason === undefined ? undefined : { reason };
  };
}

/** The function behind a custom resource. */
function handlerOf({ properties }: PlannedResource): string | undefined {
  const token = properties["ServiceToken"];
  const attribute = isMembers(token) ? token["Fn::GetAtt"] : undefined;
  return Array.isArray(attribute) ? String(attribute[0]) : undefined;
}

function isCustom(type: string): boolean {
  return type.startsWith("Custom::") || type === "AWS::CloudFormation::CustomResource";
}

/**
 * Checks, before anything is created, that every resource and property of every stack is carried out or has no local meaning.
 * @returns what has no effect here, to be shown
 * @throws DefinitionError that names the first resource or property that matters and is not supported, and says what else is not.
 */
export function checkSupport(plans: readonly StackPlan[], providers: Providers): readonly WithoutEffect[] {
  const counts = new Map<string, WithoutEffect>();
  const note = (type: string, reason: string): void => {
    counts.set(type + reason, { type, count: (counts.get(type + reason)?.count ?? 0) + 1, reason });
  };
  const refusals: Refusal[] = [];
  for (const plan of plans) {
    const supportOf = supportIn(plan, providers);
    for (const resource of plan.resources) {
      const support = supportOf(resource);
      if (!support) refusals.push(refuseType(plan.name, resource));
      else if ("reason" in support) note(resource.type, support.reason);
      else refusals.push(...checkProperties(plan, resource, support.provider, note));
    }
  }
  const [first, ...others] = refusals;
  if (!first) return [...counts.values()].sort((a, b) => a.type.localeCompare(b.type));
  const also = new Set(others.map(({ what }) => what).filter((what) => what !== first.what));
  throw new DefinitionError(
    "unsupported",
    first.line + (also.size > 0 ? ` Nor does it support ${[...also].join(", ")}.` : ""),
  );
}

function refuseType(stackName: string, { logicalId, type }: PlannedResource): Refusal {
  const advice = isCustom(type)
    ? "of the custom resources, it carries out those that CDK itself makes. Set up what this one does in a function or a script"
    : "leave it out of what you synthesize for it, or put it in a stage of its own";
  const line = `Stack ${stackName}: ${logicalId} has the type ${type}, which the local region does not support; ${advice}.`;
  return { line, what: type };
}

function checkProperties(
  plan: StackPlan,
  resource: PlannedResource,
  provider: ResourceProvider,
  note: (type: string, reason: string) => void,
): readonly Refusal[] {
  const { logicalId, type } = resource;
  return presentProperties(resource, plan.scope).flatMap((property) => {
    const kept = provider.kept?.[property];
    if (kept !== undefined) note(`${type}.${property}`, kept);
    if (kept !== undefined || provider.supported.includes(property)) return [];
    const line = `Stack ${plan.name}: ${logicalId} (${type}) sets ${property}, which the local region does not support; leave it out of what you synthesize for it.`;
    return { line, what: `${type}.${property}` };
  });
}
