import type { StackStore } from "./stack-store.ts";

/** A deployed stack, as a person wants to see it. */
export interface StackSummary {
  readonly name: string;
  readonly status: string;
  /** When it was deployed last, ISO 8601. */
  readonly deployedAt: string;
  /** How many resources it has, those without effect here included. */
  readonly resources: number;
  readonly outputs: Readonly<Record<string, string>>;
}

/** What is deployed under a stack's name. */
export function summarizeStack(records: StackStore, name: string): StackSummary {
  const stack = records.stack(name);
  return {
    name,
    status: stack?.status ?? "DELETE_COMPLETE",
    deployedAt: new Date(stack?.updatedAtMs ?? stack?.createdAtMs ?? 0).toISOString(),
    resources: records.countResources(name),
    outputs: Object.fromEntries((stack?.outputs ?? []).map(({ key, value }) => [key, value])),
  };
}
