import {
  ENVELOPE_ATTRIBUTE,
  envelopeAttribute,
  messageBytes,
  type OutgoingMessage,
  readEnvelope,
  type S3Pointer,
} from "@reliq/core";
import type { NotSent } from "../sqs/send-messages.ts";

/** Where bodies go that are too large to send. */
export interface ClaimCheck {
  /** A message with more bytes than this, attributes included, leaves its body in S3. */
  readonly overBytes: number;
  /** Stores a body under a key by its content, so that a repeat overwrites itself; resolves when it is durable. */
  store(body: string): Promise<S3Pointer>;
}

/** How many bodies are stored at once. */
const MOST_AT_ONCE = 10;

/**
 * Puts large bodies where a message can point to them, before it is sent: a consumer never sees a pointer to nothing. A body whose
 * message is then not sent stays until the bucket's lifecycle removes it. What cannot be stored is added to `notSent`.
 */
export async function storeLargeBodies(
  claimCheck: ClaimCheck,
  messages: readonly OutgoingMessage[],
  notSent: NotSent[],
): Promise<readonly OutgoingMessage[]> {
  const small = [...messages];
  const large = [...messages.entries()].filter(([, message]) => messageBytes(message) > claimCheck.overBytes);
  const storeNext = async (): Promise<void> => {
    for (let next = large.pop(); next !== undefined; next = large.pop()) {
      const [index, message] = next;
      try {
        small[index] = await storeBody(claimCheck, message);
      } catch (error) {
        const { name, message: why } = error instanceof Error ? error : new Error(String(error));
        notSent.push({ index, code: name, message: `Its body could not be stored: ${why}` });
      }
    }
  };
  await Promise.all(Array.from({ length: MOST_AT_ONCE }, storeNext));
  return small;
}

/** The pointer is the body too: where the queue deduplicates by content, messages with different bodies stay different. */
async function storeBody({ store }: ClaimCheck, message: OutgoingMessage): Promise<OutgoingMessage> {
  const s3 = await store(message.body);
  const { attributes: given = {} } = message;
  const attributes = {
    ...given,
    [ENVELOPE_ATTRIBUTE]: envelopeAttribute({ v: 1, ...readEnvelope({ attributes: given }), s3 }),
  };
  return { ...message, body: JSON.stringify({ s3 }), attributes };
}
