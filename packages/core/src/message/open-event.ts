import { BadPayloadFailure } from "../errors.ts";
import type { MessageAttribute } from "./received-message.ts";

/**
 * Opens an event as EventBridge puts it on a queue (EventBridge user guide, "AWS service event structure"): its detail, and what
 * kind of event it is.
 * @throws BadPayloadFailure for anything else.
 */
export function openEvent(value: unknown): {
  readonly detail: unknown;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
} {
  const event = (value ?? {}) as { [field: string]: unknown };
  const { detail, source, "detail-type": detailType } = event;
  if (typeof source !== "string" || typeof detailType !== "string" || !Object.hasOwn(event, "detail")) {
    throw new BadPayloadFailure("The body is not an EventBridge event: it lacks `source`, `detail-type` or `detail`.");
  }
  return { detail, attributes: { source: text(source), "detail-type": text(detailType) } };
}

function text(stringValue: string): MessageAttribute {
  return { dataType: "String", stringValue };
}
