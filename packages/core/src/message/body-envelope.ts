import type { MessageAttribute } from "./received-message.ts";

/** What a body was wrapped in on its queue, opened. */
export interface Opened {
  /** The body, as JSON says it, and as a text: equal for equal messages, whatever was around them. */
  readonly value: unknown;
  readonly body: string;
  /** What the wrapping says beside it; the message's own attributes of these names go before. */
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
}

/**
 * Takes a body out of what wraps it: `snsNotification`, `eventBridgeEvent`, or a function of your own.
 * @throws BadPayloadFailure for what is not wrapped so.
 */
export type BodyEnvelope = (value: unknown) => Opened;
