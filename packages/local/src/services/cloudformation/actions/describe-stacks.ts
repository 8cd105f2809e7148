import type { StackRecord, StackStore } from "../../../assembly/stack-store.ts";
import type { Members } from "../../../kernel/service.ts";
import { findStack, textMember, timestamp } from "../find-stack.ts";

/** One stack, or all: status, parameters, outputs. */
export function describeStacks(records: StackStore, input: Members): Members {
  const name = textMember(input, "StackName");
  const stacks = name === undefined ? records.stacks() : [findStack(records, name)];
  return { Stacks: stacks.map(describe) };
}

function describe(stack: StackRecord): Members {
  return {
    StackId: stack.id,
    StackName: stack.name,
    Description: stack.description,
    Parameters: Object.entries(stack.parameters).map(([ParameterKey, value]) => ({
      ParameterKey,
      ParameterValue: [value].flat().join(","),
    })),
    CreationTime: timestamp(stack.createdAtMs),
    LastUpdatedTime: stack.updatedAtMs === undefined ? undefined : timestamp(stack.updatedAtMs),
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DisableRollback: true,
    NotificationARNs: [],
    Capabilities: [],
    Outputs: stack.outputs.map(({ key, value, description, exportName }) => ({
      OutputKey: key,
      OutputValue: value,
      Description: description,
      ExportName: exportName,
    })),
    Tags: [],
    EnableTerminationProtection: false,
    DriftInformation: { StackDriftStatus: "NOT_CHECKED" },
  };
}
