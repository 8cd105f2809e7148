import type { Consumer } from "../consumer.ts";
import { isDeferral } from "../errors.ts";
import type { Claim } from "../model/claim-item.ts";
import { failed } from "./failed.ts";
import type { ReceivedMessage } from "./received-message.ts";
import { ended, type Work } from "./work.ts";

/** A message of which something was thrown has failed, or is deferred where that was a Deferral. */
export function notProcessed<T>(
  consumer: Consumer<T>,
  message: ReceivedMessage,
  read: ReceivedMessage,
  thrown: unknown,
  claim?: Claim,
): Work<T> {
  const outcome = failed(consumer, read, thrown);
  if (!isDeferral(thrown)) return ended(message, outcome, claim);
  const { retryAfterSeconds } = thrown;
  return ended(message, { kind: "deferred", cause: "handler", retryAfterSeconds, why: outcome.reason.message });
}
