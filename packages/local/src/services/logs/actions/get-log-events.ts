import type { Action, Members, World } from "../../../kernel/service.ts";
import type { Store } from "../../../kernel/store.ts";
import { invalidParameter } from "../errors.ts";
import { existingGroup, existingStream, type LogStream } from "../group.ts";
import { groupNameOf, integerWithin, optionalText, optionalTime, requiredText } from "../input.ts";

/** The most events of one answer (GetLogEvents). */
const MOST_EVENTS = 10_000;

interface EventRow {
  readonly id: number;
  readonly at: number;
  readonly ingestedAt: number;
  readonly message: string;
}

/** A place in a stream, and in which direction the answer goes on. */
interface Place {
  readonly direction: "b" | "f";
  readonly at: number;
  readonly id: number;
}

/** GetLogEvents: by time; without a token, the newest events or, from the head, the oldest. */
export function getLogEvents({ store }: World): Action {
  return (input) => {
    const stream = existingStream(
      store,
      existingGroup(store, groupNameOf(input)),
      requiredText(input, "logStreamName"),
    );
    const place = readPlace(optionalText(input, "nextToken"));
    const forward = place ? place.direction === "f" : input["startFromHead"] === true;
    const rows = select(store, stream, place, forward, input);
    const [first, last] = [rows[0], rows.at(-1)];
    return {
      events: rows.map(({ at, ingestedAt, message }) => ({ timestamp: at, message, ingestionTime: ingestedAt })),
      nextForwardToken: token("f", last, place),
      nextBackwardToken: token("b", first, place),
    };
  };
}

function select(
  store: Store,
  stream: LogStream,
  place: Place | undefined,
  forward: boolean,
  input: Members,
): EventRow[] {
  const from = optionalTime(input, "startTime") ?? 0;
  const until = optionalTime(input, "endTime") ?? Number.MAX_SAFE_INTEGER;
  const limit = integerWithin(input, "limit", 1, MOST_EVENTS) ?? MOST_EVENTS;
  const [than, order] = forward ? [">", "ASC"] : ["<", "DESC"];
  const behind = place ?? { at: forward ? -1 : Number.MAX_SAFE_INTEGER, id: 0 };
  const rows: unknown = store
    .statement(
      `SELECT id, at, ingestedAt, message FROM logs_event
       WHERE groupId = ? AND at BETWEEN ? AND ? AND streamId = ? AND (at, id) ${than} (?, ?)
       ORDER BY at ${order}, id ${order} LIMIT ?`,
    )
    .all(
      stream.groupId,
      Math.max(from, stream.firstEventAt ?? 0),
      Math.min(until - 1, stream.lastEventAt ?? 0),
      stream.id,
      behind.at,
      behind.id,
      limit,
    );
  return forward ? (rows as EventRow[]) : (rows as EventRow[]).reverse();
}

/** Where nothing came, the token stays as it was: that is how a reader sees the end. */
function token(direction: Place["direction"], row: EventRow | undefined, place: Place | undefined): string {
  const { at, id } = row ?? place ?? { at: 0, id: 0 };
  return `${direction}/${at}/${id}`;
}

function readPlace(given: string | undefined): Place | undefined {
  if (given === undefined) return undefined;
  const [, direction, at, id] = /^([bf])\/(\d+)\/(\d+)$/.exec(given) ?? [];
  if (direction === undefined) throw invalidParameter("The specified nextToken is invalid.");
  return { direction: direction as Place["direction"], at: Number(at), id: Number(id) };
}
