import type { Service, World } from "../../../kernel/service.ts";
import { SCHEMA } from "../schema.ts";
import { describeStream } from "./actions/describe-stream.ts";
import { getRecords } from "./actions/get-records.ts";
import { getShardIterator } from "./actions/get-shard-iterator.ts";
import { listStreams } from "./actions/list-streams.ts";

/** DynamoDB Streams: the changes of tables, in order. Its requests are signed for `dynamodb`; in this process it has a name of its own. */
export function dynamodbStreamsService(world: World): Service {
  world.store.define(SCHEMA);
  return {
    name: "dynamodbstreams",
    json: {
      targetPrefix: "DynamoDBStreams_20120810",
      version: "1.0",
      errorNamespace: "com.amazonaws.dynamodb.v20120810",
    },
    actions: {
      DescribeStream: describeStream(world),
      GetRecords: getRecords(world),
      GetShardIterator: getShardIterator(world),
      ListStreams: listStreams(world),
    },
    partly: { DescribeStream: "a stream has one shard" },
  };
}
