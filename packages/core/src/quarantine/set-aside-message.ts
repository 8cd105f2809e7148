import type { MessageContent } from "../failure/failed-message.ts";
import { ENVELOPE_ATTRIBUTE, lineageOf, readEnvelope } from "../message/envelope.ts";
import type { ReceivedMessage } from "../message/received-message.ts";
import type { Placed } from "../model/group-mark.ts";

/** A message that waits behind a failed one of its group, whole: its queue has let go of it. */
export interface SetAsideMessage extends MessageContent {
  readonly queue: string;
  readonly group: string;
  /** Its sequence number on the queue: its place in the group. */
  readonly place: string;
  readonly lineage: string;
  readonly messageId: string;
  /** Milliseconds since the Unix epoch, as all times. */
  readonly sentAtMs: number;
  readonly setAsideAtMs: number;
}

/** What is to be kept of a message that is set aside. */
export function setAsideMessage(
  message: ReceivedMessage,
  place: Pick<Placed, "lineage" | "place">,
  nowMs: number,
): SetAsideMessage {
  const { queue, groupId = "", messageId, body, sentAtMs } = message;
  const { [ENVELOPE_ATTRIBUTE]: _, ...attributes } = message.attributes;
  const largeBody = readEnvelope(message)?.s3;
  return {
    queue,
    group: groupId,
    place: place.place,
    lineage: place.lineage,
    messageId,
    body,
    attributes,
    ...(largeBody && { largeBody }),
    sentAtMs,
    setAsideAtMs: nowMs,
  };
}

/** Where a message stands in its group; undefined for one that is in none. */
function placeOf(message: ReceivedMessage): Placed | undefined {
  const { sequenceNumber, groupId } = message;
  if (sequenceNumber === undefined || groupId === undefined) return undefined;
  const { place = sequenceNumber, sends = 0, release } = readEnvelope(message) ?? {};
  const placed = { lineage: lineageOf(message), place, sequence: sequenceNumber, resent: sends > 0 };
  return release === undefined ? placed : { ...placed, release };
}

/** Messages of one group with their places, in their order. */
export function arrivalsOf(
  works: readonly { readonly message: ReceivedMessage }[],
): readonly { readonly message: ReceivedMessage; readonly placed: Placed }[] {
  return works.flatMap(({ message }) => {
    const placed = placeOf(message);
    return placed ? [{ message, placed }] : [];
  });
}

/** A text before a place, and after all places before it: a list after it begins with what is there. */
export function placeBefore(place: string): string {
  const last = place.charCodeAt(place.length - 1);
  return `${place.slice(0, -1)}${String.fromCharCode(last - 1)}~`;
}
