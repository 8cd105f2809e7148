import { setTimeout as wait } from "node:timers/promises";
import type { Pool } from "undici";

/** What posting for a while came to. */
export interface Posted {
  /** Answered 202, a second. */
  readonly perSecond: number;
  /** From the moment at which each was due, so that a request that had to wait counts its wait; milliseconds, in order. */
  readonly latenciesMs: readonly number[];
  /** Answers that were not 202, by their status; 0 where there was none. */
  readonly others: Readonly<Record<number, number>>;
}

/** Posts events at a rate, whether answers come or not. */
export async function postAtRate(pool: Pool, path: string, perSecond: number, seconds: number): Promise<Posted> {
  const post = poster(pool, path);
  const startedMs = performance.now();
  const running: Promise<void>[] = [];
  for (let posted = 0; posted < perSecond * seconds; ) {
    const due = Math.min(perSecond * seconds, ((performance.now() - startedMs) / 1_000) * perSecond);
    for (; posted < due; posted++) running.push(post.once(startedMs + (posted / perSecond) * 1_000));
    await wait(1);
  }
  await Promise.all(running);
  return post.summary(startedMs);
}

/** Posts events with so many clients, each as soon as its last one is answered. */
export async function postAtOnce(pool: Pool, path: string, clients: number, seconds: number): Promise<Posted> {
  const post = poster(pool, path);
  const startedMs = performance.now();
  const endsMs = startedMs + seconds * 1_000;
  const client = async (): Promise<void> => {
    while (performance.now() < endsMs) await post.once(performance.now());
  };
  await Promise.all(Array.from({ length: clients }, client));
  return post.summary(startedMs);
}

interface Poster {
  readonly once: (dueMs: number) => Promise<void>;
  readonly summary: (startedMs: number) => Posted;
}

function poster(pool: Pool, path: string): Poster {
  const latenciesMs: number[] = [];
  const others: Record<number, number> = {};
  const run = crypto.randomUUID();
  let number = 0;
  return {
    once: async (dueMs) => {
      const body = JSON.stringify({ orderId: `${run}-${++number}`, amount: 12.5, note: "of the bench" });
      const status = await pool
        .request({ path, method: "POST", headers: { "content-type": "application/json" }, body })
        .then(async (answer) => {
          await answer.body.dump();
          return answer.statusCode;
        })
        .catch(() => 0);
      if (status === 202) latenciesMs.push(performance.now() - dueMs);
      else others[status] = (others[status] ?? 0) + 1;
    },
    summary: (startedMs) => ({
      perSecond: latenciesMs.length / ((performance.now() - startedMs) / 1_000),
      latenciesMs: latenciesMs.toSorted((one, other) => one - other),
      others,
    }),
  };
}
