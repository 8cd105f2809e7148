import type { Consumer } from "../consumer.ts";
import { ValidationFailure } from "../errors.ts";
import { explainRefusal, type Settled } from "../journal/settlement.ts";
import { failed } from "../message/failed.ts";
import type { ReceivedMessage } from "../message/received-message.ts";
import { ended, type Work } from "../message/work.ts";
import type { Claim } from "../model/claim-item.ts";

/** Ends a message whose key could not be claimed, by what a probe found behind the key. */
export function resolveProbe<T>(
  consumer: Consumer<T>,
  message: ReceivedMessage,
  claim: Claim,
  answer: Exclude<Settled, { kind: "unavailable" }>,
): Work<T> {
  const item = answer.kind === "refused" ? answer.item : undefined;
  switch (answer.kind === "done" ? "done" : explainRefusal(item, claim)) {
    case "done": {
      const result = item?.result;
      return ended(message, { kind: "duplicate", ...(result !== undefined && { result: JSON.parse(result) }) }, claim);
    }
    case "in-progress":
      return ended(message, { kind: "deferred", cause: "in-progress" });
    case "other-payload":
      return ended(message, failed(consumer, message, otherPayload(claim)));
  }
}

/** Two messages with one key and different bodies. */
export function otherPayload({ key }: Claim): ValidationFailure {
  return new ValidationFailure(
    `The idempotency key ${JSON.stringify(key)} belongs to a message with another body: give each effect a key of its own.`,
  );
}
