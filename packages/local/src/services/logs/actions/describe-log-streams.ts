import type { Action, World } from "../../../kernel/service.ts";
import { invalidParameter } from "../errors.ts";
import { existingGroup, groupArn, type LogStream } from "../group.ts";
import { groupNameOf, integerWithin, optionalText } from "../input.ts";
import { pageOf } from "../paging.ts";

/** The most streams of one page (DescribeLogStreams). */
const LARGEST_PAGE = 50;

/** DescribeLogStreams, by name or by the time of the last event. */
export function describeLogStreams(world: World): Action {
  return (input) => {
    const group = existingGroup(world.store, groupNameOf(input));
    const prefix = optionalText(input, "logStreamNamePrefix") ?? "";
    const byTime = optionalText(input, "orderBy") === "LastEventTime";
    if (byTime && prefix !== "") throw invalidParameter("Cannot order by LastEventTime with a logStreamNamePrefix.");
    const rows: unknown = world.store
      .statement(`SELECT * FROM logs_stream WHERE groupId = ? ORDER BY ${byTime ? "ifnull(lastEventAt, 0)," : ""} name`)
      .all(group.id);
    const streams = (rows as LogStream[]).filter(({ name }) => name.startsWith(prefix));
    if (input["descending"] === true) streams.reverse();
    const limit = integerWithin(input, "limit", 1, LARGEST_PAGE) ?? LARGEST_PAGE;
    const page = pageOf(streams, (stream) => stream.name, optionalText(input, "nextToken"), limit);
    return { logStreams: page.items.map((stream) => shown(world, group.name, stream)), ...page.next };
  };
}

function shown(world: World, groupName: string, stream: LogStream): Record<string, unknown> {
  return {
    logStreamName: stream.name,
    creationTime: stream.createdAt,
    ...(stream.firstEventAt !== null && { firstEventTimestamp: stream.firstEventAt }),
    ...(stream.lastEventAt !== null && { lastEventTimestamp: stream.lastEventAt }),
    ...(stream.lastIngestedAt !== null && { lastIngestionTime: stream.lastIngestedAt }),
    uploadSequenceToken: String(stream.lastIngestedAt ?? stream.createdAt),
    arn: `${groupArn(world, groupName)}:log-stream:${stream.name}`,
    storedBytes: 0,
  };
}
