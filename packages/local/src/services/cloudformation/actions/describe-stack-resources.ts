import type { ResourceRecord, StackRecord, StackStore } from "../../../assembly/stack-store.ts";
import type { Members } from "../../../kernel/service.ts";
import { findStack, textMember, timestamp, validationError } from "../find-stack.ts";

/** The resources of a stack, or of the stack that has a physical resource; `LogicalResourceId` narrows them to one. */
export function describeStackResources(records: StackStore, input: Members): Members {
  const stack = stackOf(records, textMember(input, "StackName"), textMember(input, "PhysicalResourceId"));
  const logicalId = textMember(input, "LogicalResourceId");
  const resources = records
    .resources(stack.name)
    .filter((resource) => logicalId === undefined || resource.logicalId === logicalId);
  return { StackResources: resources.map((resource) => describe(stack, resource)) };
}

function stackOf(records: StackStore, name: string | undefined, physicalId: string | undefined): StackRecord {
  if ((name === undefined) === (physicalId === undefined)) {
    throw validationError("You must specify either StackName or PhysicalResourceId, but not both.");
  }
  if (name !== undefined) return findStack(records, name);
  const holder = records
    .stacks()
    .find((stack) => records.resources(stack.name).some(({ resource }) => resource?.ref === physicalId));
  if (holder) return holder;
  throw validationError(`Stack for ${physicalId} does not exist`);
}

function describe(stack: StackRecord, resource: ResourceRecord): Members {
  return {
    StackName: stack.name,
    StackId: stack.id,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.resource?.ref,
    ResourceType: resource.type,
    Timestamp: timestamp(resource.changedAtMs),
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    DriftInformation: { StackResourceDriftStatus: "NOT_CHECKED" },
  };
}
