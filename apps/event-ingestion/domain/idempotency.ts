import type { IngestedEvent } from "./event.ts";

/** What a client is told of an event that is durable. */
export interface Accepted {
  readonly orderId: string;
  /** The message's id on the queue. */
  readonly messageId: string;
  readonly correlationId: string;
}

/** What is kept of a key, such as an order's id. */
interface Kept {
  /** Of what came under the key first. */
  readonly digest: string;
  /** The first answer; none while nobody has been answered. */
  readonly answer?: readonly Accepted[];
}

/** The first answer of each key. */
export interface FirstAnswers {
  /** Takes a key for what has this digest, unless it is taken, and says what is there now. */
  readonly claim: (key: string, digest: string) => Promise<Kept>;
  /** Keeps an answer, unless there is one, and gives the one that is kept. */
  readonly settle: (key: string, answer: readonly Accepted[]) => Promise<readonly Accepted[]>;
}

/** A key with the digest of what came under it. */
export interface Claimed {
  readonly key: string;
  readonly digest: string;
  readonly kept: Kept;
}

/** The key of an event: its order's id. */
export function orderKey({ orderId }: IngestedEvent): string {
  return `order#${orderId}`;
}

/** The key of a request that says its own, by the header `Idempotency-Key`. */
export function requestKey(idempotencyKey: string): string {
  return `request#${idempotencyKey}`;
}

/** Takes keys, all at once. */
export function claimAll(
  asked: readonly { readonly key: string; readonly digest: string }[],
  answers: FirstAnswers,
): Promise<readonly Claimed[]> {
  return Promise.all(asked.map(async ({ key, digest }) => ({ key, digest, kept: await answers.claim(key, digest) })));
}

/** Whether something else came under the key first. */
export function isTaken({ digest, kept }: Claimed): boolean {
  return digest !== kept.digest;
}
