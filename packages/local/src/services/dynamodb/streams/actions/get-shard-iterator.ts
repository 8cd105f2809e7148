import type { Action, Members, World } from "../../../../kernel/service.ts";
import { ServiceError } from "../../../../kernel/service-error.ts";
import { validationError } from "../../request/errors.ts";
import { constraint, optionalChoice, optionalText, refuseOthers, requiredText } from "../../request/members.ts";
import { writeIterator } from "../iterator.ts";
import { latestSequence, needStream, RETENTION_MS, type Stream, shardId } from "../stream.ts";

const TYPES = ["TRIM_HORIZON", "LATEST", "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"] as const;

/** Gives an iterator for a place in a stream's shard. */
export function getShardIterator(world: World): Action {
  return (input) => {
    refuseOthers(input, ["StreamArn", "ShardId", "ShardIteratorType", "SequenceNumber"]);
    const stream = needStream(world, requiredText(input, "StreamArn"));
    if (requiredText(input, "ShardId") !== shardId(stream)) {
      throw new ServiceError("ResourceNotFoundException", "Shard does not exist");
    }
    const type = optionalChoice(input, "ShardIteratorType", TYPES);
    if (!type) throw constraint(null, "ShardIteratorType", "Member must not be null");
    const sequence = startOf(world, stream, type, input);
    return { ShardIterator: writeIterator(world, { arn: stream.arn, sequence }) };
  };
}

function startOf(world: World, stream: Stream, type: (typeof TYPES)[number], input: Members): number {
  if (type === "TRIM_HORIZON") return stream.firstSequence;
  if (type === "LATEST") return latestSequence(world) + 1;
  const text = optionalText(input, "SequenceNumber");
  if (text === undefined || !/^\d{21,40}$/.test(text)) {
    throw validationError("One or more parameter values were invalid: Invalid SequenceNumber");
  }
  const sequence = Number(text);
  if (sequence < stream.firstSequence || sequence > (stream.lastSequence ?? Number.MAX_SAFE_INTEGER)) {
    throw validationError("One or more parameter values were invalid: Invalid SequenceNumber");
  }
  checkNotTrimmed(world, stream, sequence);
  return type === "AT_SEQUENCE_NUMBER" ? sequence : sequence + 1;
}

function checkNotTrimmed(world: World, { id }: Stream, sequence: number): void {
  const kept = world.store
    .statement(
      "SELECT 1 FROM dynamodb_stream_record WHERE stream_id = ? AND sequence <= ? AND created_at_ms > ? LIMIT 1",
    )
    .get(id, sequence, world.clock.now() - RETENTION_MS);
  if (kept) return;
  throw new ServiceError(
    "TrimmedDataAccessException",
    "The operation attempted to read past the oldest stream record in a shard: records are kept for 24 hours.",
  );
}
