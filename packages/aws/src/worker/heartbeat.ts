import { LONGEST_VISIBILITY_SECONDS, type ReceivedMessage, type Visibility } from "@reliq/core";

/** Keeps a batch's messages out of sight while they are worked on. */
export interface Heartbeat {
  /** Extends these messages no more. */
  release(messages: readonly ReceivedMessage[]): void;
  /** Ends it: nothing is extended any more, a request under way included once it is answered. */
  stop(): void;
}

/** Near the 12 hours that a message can be out of sight in all, the service refuses: the last beat is this many seconds before. */
const MARGIN_SECONDS = 60;

/**
 * Extends the visibility of a batch's messages each half visibility timeout, until it is stopped or 12 hours are over (SQS
 * developer guide, "Amazon SQS visibility timeout"). A beat that fails is repeated at the next one.
 */
export function startHeartbeat(
  visibility: Visibility,
  messages: readonly ReceivedMessage[],
  visibilitySeconds: number,
  onError: (error: unknown) => void,
): Heartbeat {
  const startedAtMs = Date.now();
  const held = new Set(messages);
  const timer = setInterval(() => {
    const heldSeconds = Math.ceil((Date.now() - startedAtMs) / 1_000);
    const leftSeconds = LONGEST_VISIBILITY_SECONDS - MARGIN_SECONDS - heldSeconds;
    if (leftSeconds <= 0 || held.size === 0) return clearInterval(timer);
    const afterSeconds = Math.min(visibilitySeconds, leftSeconds);
    visibility.change([...held].map((message) => ({ message, afterSeconds }))).catch(onError);
  }, visibilitySeconds * 500);
  return {
    release: (given) => {
      for (const message of given) held.delete(message);
    },
    stop: () => clearInterval(timer),
  };
}
