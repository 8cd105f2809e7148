import type { Action, World } from "../../../../kernel/service.ts";
import { optionalInteger, refuseOthers, requiredText } from "../../request/members.ts";
import { readIterator, writeIterator } from "../iterator.ts";
import { readRecords } from "../record.ts";
import { needStream } from "../stream.ts";

/** Most records of one call (API reference, GetRecords). */
const MOST_RECORDS = 1000;

/** Reads the records at an iterator, and gives the iterator to go on with; none at the end of a closed shard. */
export function getRecords(world: World): Action {
  return (input) => {
    refuseOthers(input, ["ShardIterator", "Limit"]);
    const { arn, sequence } = readIterator(world, requiredText(input, "ShardIterator"));
    const limit = optionalInteger(input, "Limit", 1, MOST_RECORDS) ?? MOST_RECORDS;
    const stream = needStream(world, arn);
    const { records, next } = readRecords(world, stream, sequence, limit);
    const { lastSequence } = stream;
    const ended = lastSequence !== undefined && (next > lastSequence || records.length === 0);
    return { Records: records, ...(!ended && { NextShardIterator: writeIterator(world, { arn, sequence: next }) }) };
  };
}
