import type { Resource, ResourceProvider } from "../kernel/resource.ts";
import type { Members } from "../kernel/service.ts";
import { DefinitionError } from "./definition-error.ts";
import type { AssetPaths } from "./load-assets.ts";
import { physicalName } from "./physical-name.ts";
import type { PlannedResource } from "./plan-stack.ts";
import { resolve, type Scope } from "./resolve.ts";
import type { ResourceRecord, StackStore } from "./stack-store.ts";
import type { Support } from "./support.ts";

/** What a deployment did to one resource; what its policy retains is only forgotten. */
export interface ResourceChange {
  readonly change: "created" | "updated" | "removed" | "retained";
  readonly logicalId: string;
  readonly type: string;
  readonly name: string;
}

/** What putting and removing the resources of one stack work with. */
export interface StackRun {
  readonly stackName: string;
  readonly scope: Scope;
  readonly records: StackStore;
  readonly assets: AssetPaths;
  readonly endpoint: string;
  readonly now: () => number;
  readonly supportOf: (resource: PlannedResource) => Support | undefined;
  readonly providerOf: (type: string) => ResourceProvider | undefined;
  /** Carries out nothing: for what has no effect here. */
  readonly keeping: ResourceProvider;
  /** Marks the stack as being changed, and remembers what is changed. */
  readonly change: (change: ResourceChange) => Promise<void>;
}

/** A resource that exists. */
export type SettledRecord = ResourceRecord & { readonly resource: Resource };

/**
 * Brings one resource to what the template says, or leaves it when it is so already.
 * Killed at any point and called again, it ends with one resource: its record is written first, its name is always the same, and
 * a provider's put can be repeated.
 * @throws DefinitionError that names the stack and the resource
 */
export async function putResource(planned: PlannedResource, position: number, run: StackRun): Promise<SettledRecord> {
  const record = draft(planned, position, run);
  const known = run.records.holder(record.type, record.name);
  if (known && !isOf(known, record)) throw nameTaken(record, known);
  if (known?.resource && isSettled(known) && isSame(known, record)) return { ...known, resource: known.resource };
  const { logicalId, type, name } = record;
  await run.change({ change: known?.resource ? "updated" : "created", logicalId, type, name });
  const verb = known?.resource ? "UPDATE" : "CREATE";
  const started = { ...record, status: `${verb}_IN_PROGRESS`, ...(known?.resource && { resource: known.resource }) };
  await run.records.saveResource(started);
  try {
    const resource = await putWith(providerFor(record, run), record);
    const settled = { ...record, resource, status: `${verb}_COMPLETE`, changedAtMs: run.now() };
    await run.records.saveResource(settled);
    return settled;
  } catch (error) {
    const reason = (error as Error).message;
    // When the state itself cannot be written, the first error is the one that says why.
    await run.records.saveResource({ ...started, status: `${verb}_FAILED`, statusReason: reason }).catch(() => {});
    throw new DefinitionError(
      "resource-failed",
      `Stack ${run.stackName}: ${record.logicalId} (${record.type}): ${reason}`,
      error,
    );
  }
}

function draft(planned: PlannedResource, position: number, run: StackRun): ResourceRecord {
  const { logicalId, type, retained, retainedWhenReplaced } = planned;
  const properties = resolve(planned.properties, run.scope, `Resources.${logicalId}.Properties`) as Members;
  const support = run.supportOf(planned);
  return {
    stackName: run.stackName,
    logicalId,
    type,
    name: physicalName(run.stackName, logicalId, type, properties),
    position,
    status: "CREATE_IN_PROGRESS",
    properties,
    assets: assetsIn(properties, run.assets),
    endpoint: run.endpoint,
    ...(support && "reason" in support && { withoutEffect: support.reason }),
    retained,
    retainedWhenReplaced,
    changedAtMs: run.now(),
  };
}

/** The assets whose object keys stand among the properties. */
function assetsIn(value: unknown, assets: AssetPaths): Record<string, string> {
  if (typeof value === "string") {
    const path = assets.get(value);
    return path === undefined ? {} : { [value]: path };
  }
  if (typeof value !== "object" || value === null) return {};
  return Object.assign({}, ...Object.values(value).map((each) => assetsIn(each, assets)));
}

function isSettled({ status }: ResourceRecord): boolean {
  return status === "CREATE_COMPLETE" || status === "UPDATE_COMPLETE";
}

function isSame(known: ResourceRecord, wanted: ResourceRecord): boolean {
  const essence = (record: ResourceRecord): string =>
    JSON.stringify([
      record.properties,
      record.assets,
      record.endpoint,
      record.withoutEffect,
      record.retained,
      record.retainedWhenReplaced,
    ]);
  return essence(known) === essence(wanted);
}

function isOf(known: ResourceRecord, { stackName, logicalId }: ResourceRecord): boolean {
  return known.stackName === stackName && known.logicalId === logicalId;
}

function nameTaken({ stackName, logicalId, type, name }: ResourceRecord, holder: ResourceRecord): DefinitionError {
  return new DefinitionError(
    "name-taken",
    `Stack ${stackName}: ${logicalId} (${type}) cannot be called ${name}: that is ${holder.logicalId} of stack ${holder.stackName}. Give it another name, or remove the other first.`,
  );
}

/** What carries out a record. @throws DefinitionError for a type that no service creates any more */
export function providerFor(
  { type, withoutEffect }: ResourceRecord,
  { keeping, providerOf }: Pick<StackRun, "keeping" | "providerOf">,
): ResourceProvider {
  const provider = withoutEffect === undefined ? providerOf(type) : keeping;
  if (provider) return provider;
  throw new DefinitionError("unsupported", `the local region does not support the type ${type}`);
}

/** Puts what a record describes. */
export async function putWith(provider: ResourceProvider, record: ResourceRecord): Promise<Resource> {
  const { stackName, logicalId, type, properties, name } = record;
  const asset = (objectKey: string): string => {
    const path = record.assets[objectKey];
    if (path !== undefined) return path;
    throw new DefinitionError("asset-missing", `the assembly has no asset ${objectKey}. Synthesize it again.`);
  };
  return provider.put({ stackName, logicalId, type, properties, name, asset });
}
