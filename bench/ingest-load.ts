import { setTimeout as wait } from "node:timers/promises";
import type { Pool } from "undici";
import { rawClient } from "../harness/raw-client.ts";

/** How many connections the clients have. */
const CONNECTIONS = 128;

/** A rate at which so many seconds of requests wait for answers does not hold: nothing more is posted. */
const MOST_WAITING_SECONDS = 0.5;

/** How long answers are waited for once nothing more is posted, milliseconds; what comes later counts as none. */
const LAST_ANSWERS_MS = 3_000;

/** Where events are posted. */
export interface Door {
  readonly endpoint: string;
  readonly path: string;
}

/** What posting for a while came to. */
export interface Posted {
  /** Answered 202, a second. */
  readonly perSecond: number;
  /** From the moment at which each was due, so that a request that had to wait counts its wait; milliseconds, in order. */
  readonly latenciesMs: readonly number[];
  /** Answers that were not 202, by their status; 0 where there was none. */
  readonly others: Readonly<Record<number, number>>;
}

/** Posts events at a rate, whether answers come or not; ends early where they plainly do not. */
export function postAtRate(door: Door, perSecond: number, seconds: number): Promise<Posted> {
  return posting(door, async (post) => {
    const startedMs = performance.now();
    for (let posted = 0; posted < perSecond * seconds; ) {
      const due = Math.min(perSecond * seconds, ((performance.now() - startedMs) / 1_000) * perSecond);
      for (; posted < due; posted++) void post.once(startedMs + (posted / perSecond) * 1_000);
      if (post.waiting() > perSecond * MOST_WAITING_SECONDS) return;
      await wait(1);
    }
  });
}

/** Posts events with so many clients, each as soon as its last one is answered. */
export function postAtOnce(door: Door, clients: number, seconds: number): Promise<Posted> {
  return posting(door, async (post) => {
    const endsMs = performance.now() + seconds * 1_000;
    const client = async (): Promise<void> => {
      while (performance.now() < endsMs) await post.once(performance.now());
    };
    // A client whose answer never comes must not hold up the end.
    await Promise.race([Promise.all(Array.from({ length: clients }, client)), wait(seconds * 1_000)]);
  });
}

interface Poster {
  readonly once: (dueMs: number) => Promise<void>;
  readonly waiting: () => number;
}

async function posting({ endpoint, path }: Door, work: (post: Poster) => Promise<void>): Promise<Posted> {
  const pool = rawClient(endpoint, CONNECTIONS);
  const latenciesMs: number[] = [];
  const others: Record<number, number> = {};
  const running = new Set<Promise<void>>();
  const run = crypto.randomUUID();
  const startedMs = performance.now();
  let number = 0;
  let lastMs = startedMs;
  const once = async (dueMs: number): Promise<void> => {
    const status = await postEvent(pool, path, `${run}-${++number}`);
    lastMs = performance.now();
    if (status === 202) latenciesMs.push(lastMs - dueMs);
    else others[status] = (others[status] ?? 0) + 1;
  };
  await work({
    once: (dueMs) => {
      const posted = once(dueMs).finally(() => running.delete(posted));
      running.add(posted);
      return posted;
    },
    waiting: () => running.size,
  });
  await Promise.race([Promise.all(running), wait(LAST_ANSWERS_MS)]);
  const perSecond = latenciesMs.length / ((lastMs - startedMs) / 1_000);
  const answered = latenciesMs.toSorted((one, other) => one - other);
  await pool.destroy();
  // What was still waited for is counted as without an answer by now.
  await Promise.all(running);
  return { perSecond, latenciesMs: answered, others };
}

async function postEvent(pool: Pool, path: string, orderId: string): Promise<number> {
  const body = JSON.stringify({ orderId, amount: 12.5, note: "of the bench" });
  try {
    const answer = await pool.request({ path, method: "POST", headers: { "content-type": "application/json" }, body });
    await answer.body.dump();
    return answer.statusCode;
  } catch {
    return 0;
  }
}
