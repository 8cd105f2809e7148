import type { Resource, ResourceProvider } from "../kernel/resource.ts";
import { DefinitionError } from "./definition-error.ts";
import { providerFor, putWith, type StackRun } from "./put-resource.ts";
import type { ResourceRecord } from "./stack-store.ts";

/**
 * Removes a resource that is no longer in its stack's template, or only forgets it where its policy retains it.
 * Killed at any point and called again, it goes on: the record is forgotten last.
 * @throws DefinitionError that names the stack and the resource
 */
export async function removeResource(
  record: ResourceRecord,
  retained: boolean,
  run: Pick<StackRun, "change" | "keeping" | "providerOf" | "records">,
): Promise<void> {
  const { logicalId, type, name } = record;
  await run.change({ change: retained ? "retained" : "removed", logicalId, type, name });
  if (retained) return run.records.forgetResource(record, "DELETE_SKIPPED");
  await run.records.saveResource({ ...record, status: "DELETE_IN_PROGRESS" });
  try {
    const provider = providerFor(record, run);
    const resource = await existing(record, provider);
    if (resource) await provider.remove(resource);
  } catch (error) {
    const reason = (error as Error).message;
    await run.records.saveResource({ ...record, status: "DELETE_FAILED", statusReason: reason }).catch(() => {});
    throw new DefinitionError(
      "resource-failed",
      `Stack ${record.stackName}: ${record.logicalId} (${record.type}) cannot be removed: ${reason}`,
      error,
    );
  }
  await run.records.forgetResource(record, "DELETE_COMPLETE");
}

/**
 * What a record stands for. Where a kill cut off its first put, nobody knows whether it exists: to put it again, which changes
 * nothing where it does, tells how to remove it. What cannot be put was never there.
 */
async function existing(record: ResourceRecord, provider: ResourceProvider): Promise<Resource | undefined> {
  if (record.resource) return record.resource;
  try {
    return await putWith(provider, record);
  } catch (error) {
    if ((error as { readonly status?: number }).status === 503) throw error;
    return undefined;
  }
}
