import { BadPayloadFailure } from "../errors.ts";
import type { Opened } from "./body-envelope.ts";
import type { MessageAttribute } from "./received-message.ts";

/**
 * The envelope of events as EventBridge puts them on a queue (EventBridge user guide, "AWS service event structure"): `detail` is the body,
 * `detail-type` and `source` are attributes.
 * @throws BadPayloadFailure for anything else.
 */
export function eventBridgeEvent(value: unknown): Opened {
  const event = (value ?? {}) as { [field: string]: unknown };
  const { detail, source, "detail-type": detailType } = event;
  if (typeof source !== "string" || typeof detailType !== "string" || !Object.hasOwn(event, "detail")) {
    throw new BadPayloadFailure("The body is not an EventBridge event: it lacks `source`, `detail-type` or `detail`.");
  }
  const attributes = { source: text(source), "detail-type": text(detailType) };
  return { value: detail, body: JSON.stringify(detail), attributes };
}

function text(stringValue: string): MessageAttribute {
  return { dataType: "String", stringValue };
}
