import type { Members, World } from "../../../kernel/service.ts";
import { validationError } from "../request/errors.ts";
import { asMap, optionalList, refuseOthers, requiredText } from "../request/members.ts";
import { newStream } from "../tables/stream-setting.ts";
import type { TableDefinition } from "../tables/table.ts";
import { replicasOf } from "./share-table.ts";

/** The definition with what UpdateTable's `ReplicaUpdates` say. @throws ValidationException */
export function updateReplicas(world: World, definition: TableDefinition, input: Members): TableDefinition {
  const updates = (optionalList(input, "ReplicaUpdates") ?? []).map((each) => asMap(each, "ReplicaUpdate"));
  if (updates.length === 0) return definition;
  const regions = updates.reduce<readonly string[]>(
    (before, update) => updated(before, update, definition.TableName),
    definition.replicas ?? [world.region],
  );
  return withReplicas(world, definition, regions);
}

/**
 * A definition with replicas in these regions, this one among them; its stream has both images.
 * @throws ValidationException for a region of which this one does not know where it answers, or a stream of another kind
 */
export function withReplicas<T extends Omit<TableDefinition, "id">>(
  { clock, region, peers }: World,
  definition: T,
  regions: readonly string[],
): T {
  const unknown = regions.find((each) => each !== region && !(each in peers));
  if (unknown !== undefined) {
    throw validationError(
      `The local region ${region} has no peer ${unknown}: start it with --peer ${unknown}=http://127.0.0.1:PORT.`,
    );
  }
  if (!regions.includes(region)) {
    throw validationError(`The table ${definition.TableName} has no replica in ${region}, where it is defined.`);
  }
  if (regions.length < 2) return { ...definition, ...replicasOf(regions) };
  const { stream } = definition;
  if (stream?.enabled && stream.viewType !== "NEW_AND_OLD_IMAGES") {
    throw validationError(
      `One or more parameter values were invalid: a replicated table's stream has new and old images; that of ${definition.TableName} has ${stream.viewType}`,
    );
  }
  const both = stream?.enabled ? stream : newStream(clock.now(), "NEW_AND_OLD_IMAGES");
  return { ...definition, ...replicasOf(regions), stream: both };
}

function updated(regions: readonly string[], update: Members, table: string): readonly string[] {
  const [kind, another] = Object.keys(update);
  if (another !== undefined || (kind !== "Create" && kind !== "Delete")) {
    throw validationError("The local region takes one of Create and Delete in a ReplicaUpdate");
  }
  const action = asMap(update[kind], kind);
  refuseOthers(action, ["RegionName"]);
  const name = requiredText(action, "RegionName");
  if (regions.includes(name) === (kind === "Delete")) {
    return kind === "Delete" ? regions.filter((each) => each !== name) : [...regions, name];
  }
  const what = kind === "Create" ? "has already a replica" : "has no replica";
  throw validationError(`One or more parameter values were invalid: the table ${table} ${what} in ${name}`);
}
