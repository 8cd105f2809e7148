import type { Action, World } from "../../../../kernel/service.ts";
import { optionalInteger, optionalText, refuseOthers, requiredText } from "../../request/members.ts";
import { needStream, sequenceText, shardId } from "../stream.ts";

/** Describes a stream and its shard. */
export function describeStream(world: World): Action {
  return (input) => {
    refuseOthers(input, ["StreamArn", "Limit", "ExclusiveStartShardId"]);
    optionalInteger(input, "Limit", 1, 100);
    const stream = needStream(world, requiredText(input, "StreamArn"));
    const { lastSequence } = stream;
    const shard = {
      ShardId: shardId(stream),
      SequenceNumberRange: {
        StartingSequenceNumber: sequenceText(stream.firstSequence),
        ...(lastSequence !== undefined && { EndingSequenceNumber: sequenceText(lastSequence) }),
      },
    };
    return {
      StreamDescription: {
        StreamArn: stream.arn,
        StreamLabel: stream.label,
        StreamStatus: lastSequence === undefined ? "ENABLED" : "DISABLED",
        StreamViewType: stream.viewType,
        CreationRequestDateTime: stream.createdAtMs / 1000,
        TableName: stream.tableName,
        KeySchema: stream.keySchema,
        Shards: optionalText(input, "ExclusiveStartShardId") === shard.ShardId ? [] : [shard],
      },
    };
  };
}
