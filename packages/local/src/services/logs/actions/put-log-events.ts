import type { Action, Members, World } from "../../../kernel/service.ts";
import type { Store } from "../../../kernel/store.ts";
import { invalidParameter } from "../errors.ts";
import { existingGroup, existingStream, type LogStream } from "../group.ts";
import { groupNameOf, requiredText } from "../input.ts";
import type { LogEvent, LogMetrics } from "../log-metrics.ts";

/** The limits of a request, and how far an event may lie from now (PutLogEvents). */
const MOST_EVENTS = 10_000;
const LARGEST_REQUEST_BYTES = 1_048_576;
const EVENT_OVERHEAD_BYTES = 26;
const OLDEST_MS = 14 * 86_400_000;
const NEWEST_MS = 2 * 3_600_000;

/** PutLogEvents: events too old or too far ahead are left out, and the answer says from where; metrics are made after the commit. */
export function putLogEvents({ store, clock }: World, metrics: LogMetrics): Action {
  return async (input) => {
    const groupName = groupNameOf(input);
    const streamName = requiredText(input, "logStreamName");
    const events = readEvents(input);
    const now = clock.now();
    const tooOld = events.findLastIndex((event) => event.timestamp < now - OLDEST_MS) + 1;
    const tooNew = events.findIndex((event) => event.timestamp > now + NEWEST_MS);
    const accepted = events.slice(tooOld, tooNew < 0 ? undefined : tooNew);
    await store.transaction(() => {
      const stream = existingStream(store, existingGroup(store, groupName), streamName);
      insertEvents(store, stream, accepted, now);
    });
    metrics.count(groupName, accepted);
    const rejected = {
      ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
      ...(tooNew >= 0 && { tooNewLogEventStartIndex: tooNew }),
    };
    return {
      nextSequenceToken: String(now),
      ...(Object.keys(rejected).length > 0 && { rejectedLogEventsInfo: rejected }),
    };
  };
}

function readEvents(input: Members): readonly LogEvent[] {
  const events: unknown = input["logEvents"];
  if (!Array.isArray(events) || events.length === 0 || events.length > MOST_EVENTS || !events.every(isEvent)) {
    throw invalidParameter(
      `1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have 1 to ${MOST_EVENTS} events, each with a timestamp and a message`,
    );
  }
  const bytes = events.reduce((sum, event) => sum + Buffer.byteLength(event.message) + EVENT_OVERHEAD_BYTES, 0);
  if (bytes > LARGEST_REQUEST_BYTES)
    throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${LARGEST_REQUEST_BYTES}`);
  if (events.some((event, index) => event.timestamp < (events[index - 1]?.timestamp ?? 0))) {
    throw invalidParameter("Log events in a single PutLogEvents request must be in chronological order.");
  }
  return events;
}

function isEvent(event: Partial<LogEvent> | null): event is LogEvent {
  return typeof event?.message === "string" && event.message !== "" && Number.isSafeInteger(event.timestamp);
}

function insertEvents(store: Store, { id, groupId }: LogStream, events: readonly LogEvent[], now: number): void {
  const insert = store.statement(
    "INSERT INTO logs_event (groupId, streamId, at, ingestedAt, message) VALUES (?, ?, ?, ?, ?)",
  );
  for (const { timestamp, message } of events) insert.run(groupId, id, timestamp, now, message);
  const first = events[0];
  const last = events.at(-1);
  if (!first || !last) return;
  store
    .statement(
      `UPDATE logs_stream SET lastIngestedAt = ?, firstEventAt = min(ifnull(firstEventAt, ?2), ?2),
       lastEventAt = max(ifnull(lastEventAt, ?3), ?3) WHERE id = ?4`,
    )
    .run(now, first.timestamp, last.timestamp, id);
}
