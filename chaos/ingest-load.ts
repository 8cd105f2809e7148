import { setTimeout as wait } from "node:timers/promises";
import type { Random } from "./random.ts";

/** A request to `POST /events`; it may be sent many times. */
export interface IngestPost {
  readonly events: readonly { readonly orderId: string; readonly amount: number }[];
  readonly isList: boolean;
  /** The header `Idempotency-Key`. */
  readonly key?: string;
  /** Whether the client sends it twice at once. */
  readonly impatient: boolean;
}

/** The shares of the requests that are lists, have a key of their own, repeat an earlier request, and come twice at once. */
const LISTS = 0.1;
const KEYED = 0.3;
const REPEATS = 0.1;
const IMPATIENT = 0.1;

/** How many clients post at once. */
const CLIENTS = 8;

/** How long a client waits for an answer, how long it tries again, and between two tries, milliseconds. */
const LONGEST_ANSWER_MS = 12_000;
const LONGEST_TRYING_MS = 600_000;
const PAUSE_MS = { least: 20, most: 400 };

/** So many requests from a seed, some of them repeats of earlier ones. */
export function makePosts(count: number, random: Random): readonly IngestPost[] {
  const posts: IngestPost[] = [];
  let orders = 0;
  for (let index = 0; index < count; index++) {
    const earlier = posts[random.integer(0, Math.max(0, posts.length - 1))];
    if (earlier && random.chance(REPEATS)) {
      posts.push({ ...earlier, impatient: random.chance(IMPATIENT) });
      continue;
    }
    const isList = random.chance(LISTS);
    const events = Array.from({ length: isList ? random.integer(2, 12) : 1 }, () => ({
      orderId: `o-${++orders}`,
      amount: random.integer(1, 1_000),
    }));
    const key = random.chance(KEYED) ? { key: `k-${index}` } : {};
    posts.push({ events, isList, ...key, impatient: random.chance(IMPATIENT) });
  }
  return posts;
}

/** An event that was acknowledged. */
interface Acknowledged {
  readonly orderId: string;
  readonly messageId: string;
}

/** Posts every request until it is accepted, as a client with retries does, and tells of each acknowledgement. */
export async function postAll(
  url: string,
  posts: readonly IngestPost[],
  random: Random,
  tell: (acknowledged: readonly Acknowledged[]) => void,
): Promise<void> {
  let next = 0;
  const client = async (): Promise<void> => {
    for (let post = posts[next++]; post !== undefined; post = posts[next++]) {
      const copies = Array.from({ length: post.impatient ? 2 : 1 }, () => postUntilAccepted(url, post, random));
      for (const acknowledged of await Promise.all(copies)) tell(acknowledged);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

async function postUntilAccepted(url: string, post: IngestPost, random: Random): Promise<readonly Acknowledged[]> {
  const endsMs = performance.now() + LONGEST_TRYING_MS;
  for (;;) {
    try {
      return await postOnce(url, post);
    } catch (cause) {
      const { orderId } = post.events[0] ?? {};
      if (performance.now() > endsMs)
        throw new Error(`${orderId} was not accepted in ${LONGEST_TRYING_MS / 1_000} s.`, { cause });
    }
    await wait(random.integer(PAUSE_MS.least, PAUSE_MS.most));
  }
}

/** What was acknowledged. @throws an Error where there was no answer, or another one */
async function postOnce(url: string, { events, isList, key }: IngestPost): Promise<readonly Acknowledged[]> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(key !== undefined && { "idempotency-key": key }) },
    body: JSON.stringify(isList ? events : events[0]),
    signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
  });
  const text = await answer.text();
  if (answer.status !== 202) throw new Error(`${answer.status}: ${text}`);
  const body = JSON.parse(text) as Acknowledged & { readonly events?: readonly Acknowledged[] };
  return body.events ?? [body];
}
