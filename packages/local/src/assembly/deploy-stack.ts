import type { Resource } from "../kernel/resource.ts";
import { textOf } from "./functions.ts";
import type { StackPlan } from "./plan-stack.ts";
import { putResource, type ResourceChange, type StackRun } from "./put-resource.ts";
import { removeResource } from "./remove-resource.ts";
import { refusal, resolve, type Scope } from "./resolve.ts";
import type { ResourceRecord, StackOutput, StackRecord, StackStore } from "./stack-store.ts";

/** What deploying one stack works with. */
export interface StackGround extends Omit<StackRun, "change" | "scope" | "stackName"> {
  readonly stackId: string;
}

/**
 * Brings one stack to its plan: creates and changes what it needs, in order, and then removes what left the template.
 * @returns what it did, in order; what is not named was so already
 * @throws DefinitionError that names the stack and the resource; what was done stays, and the next deployment goes on from it.
 */
export async function deployStack(plan: StackPlan, ground: StackGround): Promise<readonly ResourceChange[]> {
  const { records } = ground;
  const existing = records.stack(plan.name);
  const verb = existing && isCreated(existing) ? "UPDATE" : "CREATE";
  const { statusReason, ...base } = existing ?? newStack(plan, ground);
  const save = (step: string, more: Partial<StackRecord> = {}): Promise<void> =>
    records.saveStack({ ...base, ...more, status: `${verb}_${step}` });
  const changes: ResourceChange[] = [];
  let opened = false;
  const open = async (): Promise<void> => {
    if (!opened) await save("IN_PROGRESS");
    opened = true;
  };
  const change = async (made: ResourceChange): Promise<void> => {
    await open();
    changes.push(made);
  };
  try {
    const scope = await putAndRemove(plan, { ...ground, change });
    await records.saveTemplate(plan.name, JSON.stringify(plan.document));
    const result = { outputs: outputsOf(plan, scope), ...describe(plan, ground) };
    if (opened || !existing || !isCurrent(existing, result)) {
      await open();
      await save("COMPLETE", { ...result, ...(verb === "UPDATE" && { updatedAtMs: ground.now() }) });
    }
    return changes;
  } catch (error) {
    // When the state itself cannot be written, the first error is the one that says why.
    await save("FAILED", { statusReason: (error as Error).message }).catch(() => {});
    throw error;
  }
}

function isCreated({ status }: StackRecord): boolean {
  return status === "CREATE_COMPLETE" || status.startsWith("UPDATE_");
}

function newStack(plan: StackPlan, ground: StackGround): StackRecord {
  const { name } = plan;
  return { name, id: ground.stackId, status: "", ...describe(plan, ground), outputs: [], createdAtMs: ground.now() };
}

function describe(
  { parameters, imports, description }: StackPlan,
  { endpoint }: StackGround,
): Pick<StackRecord, "description" | "endpoint" | "imports" | "parameters"> {
  return { parameters, imports, endpoint, ...(description !== undefined && { description }) };
}

function isCurrent(existing: StackRecord, result: Partial<StackRecord>): boolean {
  const { outputs, parameters, imports, endpoint, description } = existing;
  const current = { outputs, parameters, imports, endpoint, ...(description !== undefined && { description }) };
  return existing.status.endsWith("_COMPLETE") && JSON.stringify(current) === JSON.stringify(result);
}

async function putAndRemove(plan: StackPlan, ground: Omit<StackRun, "scope" | "stackName">): Promise<Scope> {
  const before = ground.records.resources(plan.name);
  const made = new Map<string, Resource>();
  const scope: Scope = {
    ...plan.scope,
    resource: (logicalId) => made.get(logicalId),
    exported: (name) => exportedValue(ground.records, name),
    endpoint: ground.endpoint,
  };
  const run: StackRun = { ...ground, scope, stackName: plan.name };
  const identity = ({ logicalId, type, name }: { logicalId: string; type: string; name: string }): string =>
    JSON.stringify([logicalId, type, name]);
  const current = new Set<string>();
  for (const [position, planned] of plan.resources.entries()) {
    const record = await putResource(planned, position, run);
    made.set(planned.logicalId, record.resource);
    current.add(identity(record));
  }
  for (const record of before.toReversed()) {
    if (!current.has(identity(record))) await removeResource(record, isRetained(record, plan), run);
  }
  return scope;
}

/** Whether a resource that left the template stays; where the old and the new template disagree on a replaced one, nothing is lost. */
function isRetained(record: ResourceRecord, plan: StackPlan): boolean {
  const successor = plan.resources.find(({ logicalId }) => logicalId === record.logicalId);
  return successor ? successor.retainedWhenReplaced || record.retainedWhenReplaced : record.retained;
}

function exportedValue(records: StackStore, name: string): string | undefined {
  const outputs = records.stacks().flatMap((stack) => stack.outputs);
  return outputs.find(({ exportName }) => exportName === name)?.value;
}

function outputsOf(plan: StackPlan, scope: Scope): readonly StackOutput[] {
  return plan.outputs.map(({ value, ...output }) => {
    const at = `Outputs.${output.key}.Value`;
    return { ...output, value: textOf(resolve(value, scope, at), refusal(plan.name, at, "an output")) };
  });
}
