import type { StackStore } from "../../../assembly/stack-store.ts";
import type { Members } from "../../../kernel/service.ts";
import { timestamp } from "../find-stack.ts";

/** The stacks, or those of the statuses in `StackStatusFilter`. */
export function listStacks(records: StackStore, input: Members): Members {
  const statuses = (input["StackStatusFilter"] ?? []) as readonly string[];
  const stacks = records.stacks().filter(({ status }) => statuses.length === 0 || statuses.includes(status));
  return {
    StackSummaries: stacks.map((stack) => ({
      StackId: stack.id,
      StackName: stack.name,
      TemplateDescription: stack.description,
      CreationTime: timestamp(stack.createdAtMs),
      LastUpdatedTime: stack.updatedAtMs === undefined ? undefined : timestamp(stack.updatedAtMs),
      StackStatus: stack.status,
      StackStatusReason: stack.statusReason,
      DriftInformation: { StackDriftStatus: "NOT_CHECKED" },
    })),
  };
}
