import type { Members, World } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import type { StreamRecord } from "./stream-batch.ts";

/** The shard of a stream; here a stream of DynamoDB has one. */
export interface StreamShard {
  readonly streamArn: string;
  readonly shardId: string;
  /** The attribute that is the table's partition key. */
  readonly partitionKey: string;
}

/** A place in a shard: after the record of that sequence number, or before the oldest that is kept. */
export type Place = string | undefined;

interface StreamDescription {
  readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
  readonly Shards: readonly { readonly ShardId: string }[];
}

/** @throws ServiceError ResourceNotFoundException */
export async function openShard(world: World, streamArn: string): Promise<StreamShard> {
  const { StreamDescription } = await world.call("dynamodbstreams", "DescribeStream", { StreamArn: streamArn });
  const { KeySchema, Shards } = StreamDescription as StreamDescription;
  const partitionKey = KeySchema.find((each) => each.KeyType === "HASH")?.AttributeName ?? "";
  return { streamArn, shardId: Shards[0]?.ShardId ?? "", partitionKey };
}

/** The records after a place, as many as one request gives; none at the end. @throws ServiceError */
export async function readAfter(world: World, shard: StreamShard, place: Place): Promise<StreamRecord[]> {
  const ShardIterator = await iteratorAfter(world, shard, place);
  const { Records } = await world.call("dynamodbstreams", "GetRecords", { ShardIterator });
  return (Records as WireRecord[]).map((record) => recordOf(record, shard));
}

/** The place after the newest record. */
export async function endOf(world: World, shard: StreamShard): Promise<Place> {
  let place: Place;
  for (;;) {
    const last = (await readAfter(world, shard, place)).at(-1);
    if (!last) return place;
    place = last.sequenceNumber;
  }
}

/** An iterator of its own for each request: iterators end after 15 minutes, and a batch may block its shard for longer. */
async function iteratorAfter(world: World, { streamArn, shardId }: StreamShard, place: Place): Promise<unknown> {
  const of = { StreamArn: streamArn, ShardId: shardId };
  const call = async (input: Members): Promise<unknown> =>
    (await world.call("dynamodbstreams", "GetShardIterator", { ...of, ...input }))["ShardIterator"];
  if (place === undefined) return call({ ShardIteratorType: "TRIM_HORIZON" });
  try {
    return await call({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: place });
  } catch (error) {
    // Every record up to the place is gone: what is kept comes after it.
    if (!(error instanceof ServiceError) || error.code !== "TrimmedDataAccessException") throw error;
    return call({ ShardIteratorType: "TRIM_HORIZON" });
  }
}

interface WireRecord {
  readonly dynamodb: {
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Readonly<Record<string, unknown>>;
    readonly SequenceNumber: string;
  };
}

/** A record as the event has it: the stream's own, and where it is from (developer guide, example DynamoDB Streams record event). */
function recordOf(record: WireRecord, { streamArn, partitionKey }: StreamShard): StreamRecord {
  const { ApproximateCreationDateTime, Keys, SequenceNumber } = record.dynamodb;
  return {
    sequenceNumber: SequenceNumber,
    createdSeconds: ApproximateCreationDateTime,
    partition: JSON.stringify(Keys[partitionKey]),
    text: JSON.stringify({ ...record, eventSourceARN: streamArn }),
  };
}
