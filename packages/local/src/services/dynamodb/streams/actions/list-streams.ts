import type { Action, World } from "../../../../kernel/service.ts";
import { optionalInteger, optionalText, refuseOthers } from "../../request/members.ts";
import { listStreams as list } from "../stream.ts";

/** Lists the streams of a table or of all tables, at most 100 at once. */
export function listStreams(world: World): Action {
  return (input) => {
    refuseOthers(input, ["TableName", "Limit", "ExclusiveStartStreamArn"]);
    const limit = optionalInteger(input, "Limit", 1, 100) ?? 100;
    const start = optionalText(input, "ExclusiveStartStreamArn") ?? "";
    const streams = list(world, optionalText(input, "TableName"), start, limit + 1);
    const shown = streams.slice(0, limit);
    return {
      Streams: shown.map((each) => ({ StreamArn: each.arn, TableName: each.tableName, StreamLabel: each.label })),
      ...(streams.length > limit && { LastEvaluatedStreamArn: shown.at(-1)?.arn }),
    };
  };
}
