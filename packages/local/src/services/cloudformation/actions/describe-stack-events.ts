import type { StackStore } from "../../../assembly/stack-store.ts";
import type { Members } from "../../../kernel/service.ts";
import { textMember, timestamp, validationError } from "../find-stack.ts";

/** What happened to a stack and its resources, newest first. */
export function describeStackEvents(records: StackStore, input: Members): Members {
  const name = textMember(input, "StackName");
  const stack = name === undefined ? undefined : records.stack(name);
  if (!stack)
    throw validationError(name === undefined ? "Stack name must be specified" : `Stack [${name}] does not exist`);
  return {
    StackEvents: records.events(stack.name).map((event) => ({
      StackId: stack.id,
      EventId: event.id,
      StackName: stack.name,
      LogicalResourceId: event.logicalId,
      PhysicalResourceId: event.physicalId,
      ResourceType: event.type,
      Timestamp: timestamp(event.atMs),
      ResourceStatus: event.status,
      ResourceStatusReason: event.statusReason,
    })),
  };
}
