import type { IngestedEvent } from "./event.ts";

/** What a client is told of an event that is durable. */
export interface Accepted {
  readonly orderId: string;
  /** The event's own id: its message has it as its lineage, however often it is sent and whatever ids the queue gives it. */
  readonly messageId: string;
  readonly correlationId: string;
}

/** What is kept of a key, such as an order's id. */
interface Kept {
  /** Of what came under the key first. */
  readonly digest: string;
  /** The first answer, whether it has been given or not; none while it is not known. */
  readonly answer?: readonly Accepted[];
}

/** The first answer of each key. */
export interface FirstAnswers {
  /** Takes a key for what has this digest, and for this answer where it is known already, unless it is taken, and says what is there now. */
  readonly claim: (key: string, digest: string, answer?: readonly Accepted[]) => Promise<Kept>;
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
  asked: readonly { readonly key: string; readonly digest: string; readonly answer?: readonly Accepted[] }[],
  answers: FirstAnswers,
): Promise<readonly Claimed[]> {
  const claim = async ({ key, digest, answer }: (typeof asked)[number]): Promise<Claimed> => {
    return { key, digest, kept: await answers.claim(key, digest, answer) };
  };
  return Promise.all(asked.map(claim));
}

/** Whether something else came under the key first. */
export function isTaken({ digest, kept }: Claimed): boolean {
  return digest !== kept.digest;
}
