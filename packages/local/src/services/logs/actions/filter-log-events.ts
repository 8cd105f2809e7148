import type { Action, Members, World } from "../../../kernel/service.ts";
import type { Store } from "../../../kernel/store.ts";
import { invalidParameter } from "../errors.ts";
import { existingGroup, type LogGroup } from "../group.ts";
import { groupNameOf, integerWithin, optionalText, optionalTime, texts } from "../input.ts";
import { pageToken, readToken } from "../paging.ts";
import { readFilterPattern } from "../patterns/filter-pattern.ts";

/** The most events of one answer (FilterLogEvents). */
const MOST_EVENTS = 10_000;

interface EventRow {
  readonly id: number;
  readonly stream: string;
  readonly at: number;
  readonly ingestedAt: number;
  readonly message: string;
}

/** FilterLogEvents: a group's events by time, those that fit the pattern. */
export function filterLogEvents({ store }: World): Action {
  return (input) => {
    const group = existingGroup(store, groupNameOf(input));
    const fits = readFilterPattern(optionalText(input, "filterPattern") ?? "");
    const inStream = readStreams(input);
    const limit = integerWithin(input, "limit", 1, MOST_EVENTS) ?? MOST_EVENTS;
    const found: EventRow[] = [];
    for (const row of eventsFrom(store, group, input)) {
      if (!inStream(row.stream) || fits(row.message) === undefined) continue;
      found.push(row);
      if (found.length === limit) break;
    }
    const last = found.at(-1);
    return {
      events: found.map(shown),
      searchedLogStreams: [],
      ...(last && found.length === limit && { nextToken: pageToken(`${last.at}/${last.id}`) }),
    };
  };
}

function readStreams(input: Members): (name: string) => boolean {
  const names = texts(input, "logStreamNames");
  const prefix = optionalText(input, "logStreamNamePrefix");
  if (names.length > 0 && prefix !== undefined) {
    throw invalidParameter("logStreamNamePrefix and logStreamNames cannot both be given.");
  }
  return (name) => (names.length > 0 ? names.includes(name) : name.startsWith(prefix ?? ""));
}

function eventsFrom(store: Store, group: LogGroup, input: Members): Iterable<EventRow> {
  const [at = "-1", id = "0"] = readToken(optionalText(input, "nextToken"))?.split("/") ?? [];
  const from = optionalTime(input, "startTime") ?? 0;
  const until = optionalTime(input, "endTime") ?? Number.MAX_SAFE_INTEGER;
  const rows: unknown = store
    .statement(
      `SELECT e.id, s.name AS stream, e.at, e.ingestedAt, e.message
       FROM logs_event e JOIN logs_stream s ON s.id = e.streamId
       WHERE e.groupId = ? AND e.at BETWEEN ? AND ? AND (e.at, e.id) > (?, ?) ORDER BY e.at, e.id`,
    )
    .iterate(group.id, Math.max(from, Number(at)), until, Number(at), Number(id));
  return rows as Iterable<EventRow>;
}

function shown({ id, stream, at, ingestedAt, message }: EventRow): Members {
  return {
    logStreamName: stream,
    timestamp: at,
    message,
    ingestionTime: ingestedAt,
    eventId: String(id).padStart(56, "0"),
  };
}
