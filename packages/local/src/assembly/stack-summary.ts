import type { StackStore } from "./stack-store.ts";

/** A deployed stack, as a person wants to see it. */
export interface StackSummary {
  readonly name: string;
  readonly status: string;
  readonly resources: readonly ResourceSummary[];
  readonly outputs: Readonly<Record<string, string>>;
}

export interface ResourceSummary {
  readonly logicalId: string;
  readonly type: string;
  /** What `Ref` gives: a queue's URL, a function's name. */
  readonly ref: string;
  readonly status: string;
  /** Why it has no effect here, if it has none. */
  readonly withoutEffect?: string;
}

/** What is deployed under a stack's name. */
export function summarizeStack(records: StackStore, name: string): StackSummary {
  const stack = records.stack(name);
  return {
    name,
    status: stack?.status ?? "DELETE_COMPLETE",
    resources: records.resources(name).map(({ logicalId, type, resource, status, withoutEffect }) => ({
      logicalId,
      type,
      ref: resource?.ref ?? "",
      status,
      ...(withoutEffect !== undefined && { withoutEffect }),
    })),
    outputs: Object.fromEntries((stack?.outputs ?? []).map(({ key, value }) => [key, value])),
  };
}
