import type { Service, World } from "../kernel/service.ts";
import { customResources } from "./custom-resources.ts";
import { type DeployGround, type Deployment, deploy } from "./deploy.ts";
import { loadAssembly } from "./load-assembly.ts";
import { openStackStore } from "./stack-store.ts";
import type { WithoutEffect } from "./support.ts";

/** Deploys assemblies into a running region, one after the other. */
export interface Deployments {
  /** @throws DefinitionError */
  deploy(assemblyDirectory: string): Promise<Deployment>;
  /** One line each on what is deployed, for the person who runs the region. */
  notes(): readonly string[];
  /** Resolves when no deployment is under way. */
  settled(): Promise<unknown>;
}

/** Makes the deployments of a region on the resource types that its services create. */
export function createDeployments(world: World, services: readonly Service[]): Deployments {
  const providers = Object.assign({}, customResources(world.call), ...services.map(({ resources }) => resources));
  let last: Promise<unknown> = Promise.resolve();
  let latest: Deployment | undefined;
  return {
    deploy: (assemblyDirectory) => {
      const turn = last.then(() => deploy(loadAssembly(assemblyDirectory), world, providers));
      last = turn.then(
        (deployment) => (latest = deployment),
        () => {},
      );
      return turn;
    },
    notes: () => (latest ? [...latest.notes, ...byReason(latest.withoutEffect)] : moved(world)),
    settled: () => last,
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
