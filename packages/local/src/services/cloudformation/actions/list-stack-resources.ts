import type { StackStore } from "../../../assembly/stack-store.ts";
import type { Members } from "../../../kernel/service.ts";
import { findStack, textMember, timestamp, validationError } from "../find-stack.ts";

/** All resources of a stack, in the order of creation. */
export function listStackResources(records: StackStore, input: Members): Members {
  const name = textMember(input, "StackName");
  if (name === undefined) throw validationError("Stack name must be specified");
  return {
    StackResourceSummaries: records.resources(findStack(records, name).name).map((resource) => ({
      LogicalResourceId: resource.logicalId,
      PhysicalResourceId: resource.resource?.ref,
      ResourceType: resource.type,
      LastUpdatedTimestamp: timestamp(resource.changedAtMs),
      ResourceStatus: resource.status,
      ResourceStatusReason: resource.statusReason,
      DriftInformation: { StackResourceDriftStatus: "NOT_CHECKED" },
    })),
  };
}
