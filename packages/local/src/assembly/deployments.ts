import { createActivity } from "../kernel/activity.ts";
import type { ResourceProvider } from "../kernel/resource.ts";
import type { Service, World } from "../kernel/service.ts";
import { customResources } from "./custom-resources.ts";
import { type DeployGround, type Deployment, deploy, strayNote } from "./deploy.ts";
import { loadAssembly } from "./load-assembly.ts";
import { keepingProvider } from "./local-meaning.ts";
import { removeStack } from "./remove-stack.ts";
import { openStackStore } from "./stack-store.ts";
import type { Providers, WithoutEffect } from "./support.ts";

/** Changes what is deployed in a running region, one change after the other. */
export interface Deployments {
  /** @throws DefinitionError */
  deploy(assemblyDirectory: string): Promise<Deployment>;
  /** Removes a stack. @throws DefinitionError */
  remove(stackName: string): Promise<void>;
  /** One line each on what is deployed, for the person who runs the region. */
  notes(): readonly string[];
  /** Resolves when no change is under way. */
  settled(): Promise<unknown>;
  /** The changes under way, in words. */
  underWay(): readonly string[];
}

/** Makes the deployments of a region on the resource types that its services create. */
export function createDeployments(world: World, services: readonly Service[]): Deployments {
  const providers: Providers = Object.assign(
    {},
    customResources(world.call),
    ...services.map(({ resources }) => resources),
  );
  const activity = createActivity();
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work).finally(activity.begin("a deployment"));
    last = turn.catch(() => {});
    return turn;
  };
  let latest: Deployment | undefined;
  return {
    deploy: (assemblyDirectory) =>
      inTurn(async () => {
        latest = await deploy(loadAssembly(assemblyDirectory), world, providers);
        return latest;
      }),
    remove: (stackName) =>
      inTurn(async () => {
        const providerOf = (type: string): ResourceProvider | undefined => providers[type];
        await removeStack(stackName, { records: openStackStore(world), providerOf, keeping: keepingProvider(world) });
        latest &&= { ...latest, notes: latest.notes.filter((note) => note !== strayNote(stackName)) };
      }),
    notes: () => (latest ? [...latest.notes, ...byReason(latest.withoutEffect)] : moved(world)),
    settled: () => last,
    underWay: activity.underWay,
  };
}

/** `access is not checked locally: AWS::IAM::Policy (2), AWS::IAM::Role (3)` */
function byReason(withoutEffect: readonly WithoutEffect[]): readonly string[] {
  const reasons = Map.groupBy(withoutEffect, ({ reason }) => reason);
  return [...reasons].map(
    ([reason, each]) => `${reason}: ${each.map(({ type, count }) => `${type} (${count})`).join(", ")}`,
  );
}

function moved(ground: DeployGround): readonly string[] {
  const here = ground.endpoint();
  return openStackStore(ground)
    .stacks()
    .filter(({ endpoint }) => endpoint !== here)
    .map(
      ({ name, endpoint }) =>
        `Stack ${name} holds addresses at ${endpoint}: deploy its assembly again to bring it here.`,
    );
}
