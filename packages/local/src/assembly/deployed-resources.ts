import type { World } from "../kernel/service.ts";
import { openStackStore } from "./stack-store.ts";

/** A resource as it is deployed. */
export interface DeployedResource {
  readonly stack: string;
  readonly logicalId: string;
  /** `AWS::SQS::Queue` */
  readonly type: string;
  /** What `Ref` gives; empty where it has no effect here. */
  readonly ref: string;
  /** What `Fn::GetAtt` gives. */
  readonly attributes: Readonly<Record<string, string>>;
  /** As the template says, with every reference resolved. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Reads the resources of every stack, of some types where they are named, in the order of creation. */
export function deployedResources(
  world: Pick<World, "clock" | "store">,
): (types: readonly string[]) => readonly DeployedResource[] {
  const records = openStackStore(world);
  return (types) =>
    (types.length > 0
      ? records.resourcesOfTypes(types)
      : records.stacks().flatMap(({ name }) => records.resources(name))
    ).map(({ stackName, logicalId, type, resource, properties }) => ({
      stack: stackName,
      logicalId,
      type,
      ref: resource?.ref ?? "",
      attributes: resource?.attributes ?? {},
      properties,
    }));
}
