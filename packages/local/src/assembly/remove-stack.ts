import { DefinitionError } from "./definition-error.ts";
import type { StackRun } from "./put-resource.ts";
import { removeResource } from "./remove-resource.ts";
import type { StackRecord, StackStore } from "./stack-store.ts";

/**
 * Removes a stack with its resources, the last created first, except those that its template retains.
 * A stack that does not exist is removed already. Killed at any point and called again, it goes on.
 * @throws DefinitionError when another stack imports from it, or when a resource cannot be removed
 */
export async function removeStack(
  nameOrId: string,
  run: Pick<StackRun, "keeping" | "providerOf" | "records">,
): Promise<void> {
  const { records } = run;
  const stack = records.stack(nameOrId);
  if (!stack) return;
  refuseInUse(stack, records);
  await records.saveStack({ ...stack, status: "DELETE_IN_PROGRESS" });
  const change = async (): Promise<void> => {};
  for (const resource of records.resources(stack.name).toReversed()) {
    await removeResource(resource, resource.retained, { ...run, change });
  }
  await records.forgetStack(stack);
}

function refuseInUse(stack: StackRecord, records: StackStore): void {
  const exported = stack.outputs.flatMap(({ exportName }) => exportName ?? []);
  for (const { name, imports } of records.stacks()) {
    const used = name === stack.name ? undefined : imports.find((each) => exported.includes(each));
    if (used === undefined) continue;
    throw new DefinitionError("export-in-use", `Export ${used} cannot be deleted as it is in use by ${name}`);
  }
}
