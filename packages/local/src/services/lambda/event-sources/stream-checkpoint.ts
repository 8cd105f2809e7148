import type { World } from "../../../kernel/service.ts";
import { findMapping, type Mapping } from "./mapping.ts";
import { endOf, type Place, type StreamShard } from "./stream-shard.ts";

/**
 * The places from which a mapping's lanes go on, one for each: their checkpoints, or the starting position, which is a checkpoint
 * from then on. With another number of lanes than before, each goes on from the place of the slowest: records repeat, none is skipped.
 */
export async function openCheckpoints(
  world: World,
  { uuid, stream }: Mapping,
  shard: StreamShard,
): Promise<readonly Place[]> {
  const known = readCheckpoints(world, uuid, shard);
  const lanes = stream?.parallelizationFactor ?? 1;
  if (known.length === lanes) return known;
  const start = known.length > 0 ? earliest(known) : undefined;
  const place = known.length === 0 && stream?.startingPosition === "LATEST" ? await endOf(world, shard) : start;
  const places = Array.from({ length: lanes }, () => place);
  await world.store.transaction(() => writeCheckpoints(world, uuid, shard, places));
  return places;
}

function readCheckpoints({ store }: World, uuid: string, { shardId }: StreamShard): Place[] {
  return store
    .statement(
      "SELECT sequenceNumber FROM lambda_stream_checkpoint WHERE mappingUuid = ? AND shardId = ? ORDER BY lane",
    )
    .all(uuid, shardId)
    .map((row) => (row["sequenceNumber"] === null ? undefined : String(row["sequenceNumber"])));
}

/** Sequence numbers are texts of one length: their order is the records'. */
function earliest(places: readonly Place[]): Place {
  return places.includes(undefined) ? undefined : places.toSorted()[0];
}

function writeCheckpoints({ store }: World, uuid: string, { shardId }: StreamShard, places: readonly Place[]): void {
  // A mapping that has been deleted meanwhile must leave no checkpoint to one that takes its place.
  if (!findMapping(store, uuid)) return;
  store.statement("DELETE FROM lambda_stream_checkpoint WHERE mappingUuid = ? AND shardId = ?").run(uuid, shardId);
  const insert = store.statement("INSERT INTO lambda_stream_checkpoint VALUES (?, ?, ?, ?)");
  for (const [lane, place] of places.entries()) insert.run(uuid, shardId, lane, place ?? null);
}

/** Moves a lane's checkpoint; one that has been deleted meanwhile stays so. */
export function moveCheckpoint(
  { store }: World,
  uuid: string,
  { shardId }: StreamShard,
  lane: number,
  sequenceNumber: string,
): Promise<void> {
  return store.transaction(() => {
    store
      .statement(
        "UPDATE lambda_stream_checkpoint SET sequenceNumber = ? WHERE mappingUuid = ? AND shardId = ? AND lane = ?",
      )
      .run(sequenceNumber, uuid, shardId, lane);
  });
}
