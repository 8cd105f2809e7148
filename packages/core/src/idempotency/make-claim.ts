import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import { ValidationFailure } from "../errors.ts";
import { readEnvelope } from "../message/envelope.ts";
import type { ReceivedMessage } from "../message/received-message.ts";
import type { Claim } from "../model/claim-item.ts";
import { payloadHash } from "./payload-hash.ts";
import { lineageClaim } from "./resent-claim.ts";
import type { Stamp } from "./stamp.ts";

/** How long a key is remembered where the consumer does not say, seconds. */
const DEFAULT_TTL_SECONDS = 604_800;

/** The longest key, bytes of UTF-8 at worst: with the consumer's name it fits DynamoDB's 2,048 bytes of a partition key. */
const LONGEST_KEY_CHARACTERS = 400;

/**
 * Makes an attempt's claim on its key. Where the consumer has no keys, only a message that Reliq has sent again, or whose producer keeps a ledger,
 * gets one, by its lineage: so that two copies of it have one effect.
 * @throws ValidationFailure for a message without a usable key.
 */
export function makeClaim<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  message: ReceivedMessage,
  body: T,
  made: Stamp,
): Claim | undefined {
  if (!consumer.idempotency) return lineageClaim(delivery, message, made);
  const { key, ttlSeconds = DEFAULT_TTL_SECONDS } = consumer.idempotency;
  const { messageId, attributes, receiveCount } = message;
  const { sends = 0 } = readEnvelope(message) ?? {};
  const name = key(body, { messageId, attributes });
  if (typeof name !== "string" || name === "" || name.length > LONGEST_KEY_CHARACTERS) {
    throw new ValidationFailure(
      `The idempotency key (${typeof name}) is no text of 1 to ${LONGEST_KEY_CHARACTERS} characters.`,
    );
  }
  return {
    key: `${consumer.name}#${name}`,
    token: made.token,
    nowMs: made.nowMs,
    messageId,
    // A copy that was sent again counts as a later receive: it takes over what the one before it left behind.
    receiveCount: sends > 0 ? receiveCount + 1 : receiveCount,
    payloadHash: payloadHash(message.body),
    leaseUntilMs: delivery.leaseUntilMs,
    ttlMs: ttlSeconds * 1_000,
  };
}
