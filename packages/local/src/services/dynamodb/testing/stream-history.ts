import { type Answer, send } from "./endpoint.ts";
import { canonical } from "./outcome.ts";

type Members = Record<string, unknown>;

/** What a table's stream tells of each key, in order: keys have no order among each other. */
export async function streamHistory(endpoint: string, TableName: string): Promise<Record<string, unknown[]>> {
  const table = (await send(endpoint, { action: "DescribeTable", input: { TableName } })).body["Table"] as Members;
  const StreamArn = table["LatestStreamArn"];
  const stream = await send(endpoint, { action: "DescribeStream", input: { StreamArn } });
  const { Shards } = stream.body["StreamDescription"] as { Shards: { ShardId: string }[] };
  const history: Record<string, unknown[]> = {};
  for (const { ShardId } of Shards) {
    const input = { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" };
    let page: Answer = await send(endpoint, { action: "GetShardIterator", input });
    for (let iterator = page.body["ShardIterator"]; iterator !== undefined; ) {
      page = await send(endpoint, { action: "GetRecords", input: { ShardIterator: iterator } });
      const records = page.body["Records"] as { eventName: string; dynamodb: Members }[];
      for (const { eventName, dynamodb } of records) {
        const key = JSON.stringify(canonical(dynamodb["Keys"]));
        const images = [canonical(dynamodb["OldImage"]), canonical(dynamodb["NewImage"]), dynamodb["SizeBytes"]];
        history[key] = [...(history[key] ?? []), [eventName, ...images]];
      }
      iterator = records.length > 0 ? page.body["NextShardIterator"] : undefined;
    }
  }
  return history;
}
