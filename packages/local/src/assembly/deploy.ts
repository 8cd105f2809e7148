import type { World } from "../kernel/service.ts";
import { checkBundles } from "./check-bundles.ts";
import { creationOrder } from "./creation-order.ts";
import { DefinitionError } from "./definition-error.ts";
import { deployStack } from "./deploy-stack.ts";
import type { Assembly } from "./load-assembly.ts";
import { keepingProvider } from "./local-meaning.ts";
import { stackId } from "./parameters.ts";
import { planStack, type StackPlan } from "./plan-stack.ts";
import type { ResourceChange } from "./put-resource.ts";
import { openStackStore, type StackStore } from "./stack-store.ts";
import { type StackSummary, summarizeStack } from "./stack-summary.ts";
import { checkSupport, type Providers, supportIn, type WithoutEffect } from "./support.ts";

/** What came of deploying an assembly. */
export interface Deployment {
  readonly stacks: readonly DeployedStack[];
  /** What is in the assembly and has no effect here. */
  readonly withoutEffect: readonly WithoutEffect[];
  /** One line each, for the person who runs the region. */
  readonly notes: readonly string[];
}

interface DeployedStack extends StackSummary {
  /** What was done, in order; its other resources were so already. */
  readonly changes: readonly ResourceChange[];
}

/** What of the region deploying works with. */
export type DeployGround = Pick<World, "accountId" | "clock" | "endpoint" | "region" | "store">;

/**
 * Brings the region to what an assembly says, and keeps the data: everything is checked before anything is created, what is so
 * already is left alone, and a deployment that was cut off is gone on with by the next.
 * @throws DefinitionError that says in one line where, why, and what to do.
 */
export async function deploy(assembly: Assembly, ground: DeployGround, providers: Providers): Promise<Deployment> {
  const records = openStackStore(ground);
  const plans = inOrder(
    assembly,
    assembly.stacks.map((stack) => planStack(stack, ground)),
    records,
  );
  const withoutEffect = checkSupport(plans, providers);
  await checkBundles(plans, assembly.assets);
  const stacks: DeployedStack[] = [];
  for (const plan of plans) {
    const changes = await deployStack(plan, {
      stackId: stackId(plan.name, ground),
      records,
      assets: assembly.assets,
      endpoint: ground.endpoint(),
      now: ground.clock.now,
      supportOf: supportIn(plan, providers),
      providerOf: (type) => providers[type],
      keeping: keepingProvider(ground),
    });
    stacks.push({ ...summarizeStack(records, plan.name), changes });
  }
  return { stacks, withoutEffect, notes: notesOn(plans, records, ground) };
}

/** Puts stacks in an order in which each comes after those that it depends on or imports from. */
function inOrder(assembly: Assembly, plans: readonly StackPlan[], records: StackStore): readonly StackPlan[] {
  const exporters = exportersOf(plans, records);
  const byName = new Map(plans.map((plan) => [plan.name, plan] as const));
  const needs = new Map(
    assembly.stacks.map(
      ({ name, dependsOn }) => [name, [...dependsOn, ...importsOf(byName.get(name), exporters)]] as const,
    ),
  );
  const sorted = creationOrder(needs);
  if ("order" in sorted) return sorted.order.flatMap((name) => byName.get(name) ?? []);
  throw new DefinitionError("stack-cycle", `Stacks need each other: ${sorted.cycle.join(" → ")}. Break the circle.`);
}

/** Which stack exports which name: those of the assembly, and those that were deployed before and are not in it. */
function exportersOf(plans: readonly StackPlan[], records: StackStore): ReadonlyMap<string, string> {
  const exporters = new Map<string, string>();
  const others = records.stacks().filter(({ name }) => plans.every((plan) => plan.name !== name));
  for (const { name, outputs } of [...others, ...plans]) {
    for (const { exportName } of outputs) {
      if (exportName === undefined) continue;
      const first = exporters.get(exportName);
      if (first !== undefined) {
        throw new DefinitionError(
          "export-twice",
          `The stacks ${first} and ${name} both export ${exportName}: name one of them otherwise.`,
        );
      }
      exporters.set(exportName, name);
    }
  }
  return exporters;
}

function importsOf(plan: StackPlan | undefined, exporters: ReadonlyMap<string, string>): readonly string[] {
  return (plan?.imports ?? []).map((name) => {
    const exporter = exporters.get(name);
    if (exporter !== undefined) return exporter;
    throw new DefinitionError(
      "export-missing",
      `Stack ${plan?.name} imports ${name}, which no stack exports. Synthesize the stack that exports it into the same assembly.`,
    );
  });
}

function notesOn(plans: readonly StackPlan[], records: StackStore, ground: DeployGround): readonly string[] {
  const bound = plans
    .filter(({ environment }) => !isHere(environment, ground))
    .map(({ name, environment }) => `Stack ${name} is bound to ${environment}; here it runs as ${here(ground)}.`);
  const gone = records
    .stacks()
    .filter(({ name }) => plans.every((plan) => plan.name !== name))
    .map(({ name }) => strayNote(name));
  return [...bound, ...gone];
}

/** What is said of a stack that is not in the assembly. */
export function strayNote(stackName: string): string {
  return `Stack ${stackName} is not in this assembly; it stays, with its data; DeleteStack removes it.`;
}

function here({ accountId, region }: DeployGround): string {
  return `aws://${accountId}/${region}`;
}

function isHere(environment: string, { accountId, region }: DeployGround): boolean {
  const [account, place] = environment.replace("aws://", "").split("/");
  return [accountId, "unknown-account"].includes(account ?? "") && [region, "unknown-region"].includes(place ?? "");
}
