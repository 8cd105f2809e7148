import type { World } from "../../kernel/service.ts";
import type { Notification } from "./notification.ts";
import { findSubscription } from "./subscription.ts";
import type { TopicMetrics } from "./topic-metrics.ts";
import { tryDelivery } from "./try-delivery.ts";

/** The messages that are kept until their subscriptions have got them, or are given up: at least once, also across a kill. */
export interface Deliveries {
  /** Delivers what is committed; called after the commit. */
  wake(subscriptionIds: readonly number[]): void;
  resume(): void;
  /** In words, whether something is being delivered. */
  underWay(): readonly string[];
  stop(): Promise<void>;
}

/** A row of sns_delivery. */
export interface Delivery {
  readonly seq: number;
  readonly attempts: number;
  readonly notification: Notification;
}

/** The most messages that one subscription gets at once. */
const BATCH_SIZE = 10;

/** The wait after which a subscription goes on that the region itself has held up, ms. */
const HELD_UP_MS = 5_000;

/** Keeps a message for a subscription, in a transaction of the caller's; those of one lane go out one after the other. */
export function addDelivery(
  { store, clock }: World,
  subscriptionId: number,
  lane: string | undefined,
  notification: Notification,
): void {
  store
    .statement("INSERT INTO sns_delivery (subscriptionId, lane, dueAt, notification) VALUES (?, ?, ?, ?)")
    .run(subscriptionId, lane ?? null, clock.now(), JSON.stringify(notification));
}

/** Works for each subscription alone, so that a slow one holds up no other; a message is forgotten after its delivery. */
export function createDeliveries(world: World, metrics: TopicMetrics): Deliveries {
  const { store, clock, report } = world;
  const running = new Map<number, Promise<void>>();
  const timers = new Map<number, () => void>();
  const stopping = new AbortController();
  let open = false;

  const wakeOne = (id: number): void => {
    if (!open || running.has(id)) return;
    timers.get(id)?.();
    timers.delete(id);
    const work = drain(id)
      .catch((error: unknown) => {
        if (!open) return HELD_UP_MS;
        report(`The deliveries of SNS wait for ${HELD_UP_MS / 1_000} s: ${String(error)}`);
        return clock.now() + HELD_UP_MS;
      })
      .then((againAt) => {
        running.delete(id);
        if (open && againAt !== undefined)
          timers.set(
            id,
            clock.at(againAt, () => wakeOne(id)),
          );
      });
    running.set(id, work);
  };
  /** Returns when the next of what is left is due. */
  const drain = async (id: number): Promise<number | undefined> => {
    for (;;) {
      const subscription = findSubscription(store, "id", id);
      const now = clock.now();
      const due = subscription && open ? dueDeliveries(world, id, now) : [];
      if (!subscription || due.length === 0) return nextDueAt(world, id, now);
      const tried = due.map(async (delivery) => {
        const againAt = await tryDelivery(world, subscription, delivery, stopping.signal, metrics);
        return { seq: delivery.seq, againAt };
      });
      const outcomes = await Promise.allSettled(tried);
      await store.transaction(() => {
        for (const outcome of outcomes) if (outcome.status === "fulfilled") settle(world, outcome.value);
      });
      const failed = outcomes.find((each) => each.status === "rejected");
      if (failed) throw failed.reason;
    }
  };
  return {
    wake: (ids) => ids.forEach(wakeOne),
    resume: () => {
      open = true;
      for (const row of store.statement("SELECT DISTINCT subscriptionId AS id FROM sns_delivery").all()) {
        wakeOne(Number(row["id"]));
      }
    },
    underWay: () => (running.size > 0 ? ["a delivery of SNS"] : []),
    stop: async () => {
      open = false;
      stopping.abort();
      for (const cancel of timers.values()) cancel();
      await Promise.all(running.values());
    },
  };
}

function dueDeliveries({ store }: World, subscriptionId: number, now: number): Delivery[] {
  const rows = store
    .statement(
      `SELECT seq, attempts, notification FROM sns_delivery d INDEXED BY sns_delivery_order WHERE subscriptionId = ? AND dueAt <= ? AND (lane IS NULL OR NOT EXISTS (
         SELECT 1 FROM sns_delivery e WHERE e.subscriptionId = d.subscriptionId AND e.lane = d.lane AND e.seq < d.seq))
       ORDER BY seq LIMIT ?`,
    )
    .all(subscriptionId, now, BATCH_SIZE);
  return rows.map(({ seq, attempts, notification }) => ({
    seq: Number(seq),
    attempts: Number(attempts),
    notification: JSON.parse(String(notification)),
  }));
}

function nextDueAt({ store }: World, subscriptionId: number, now: number): number | undefined {
  const row = store
    .statement("SELECT min(dueAt) AS dueAt FROM sns_delivery WHERE subscriptionId = ? AND dueAt > ?")
    .get(subscriptionId, now);
  return (row?.["dueAt"] as number | null) ?? undefined;
}

function settle({ store }: World, { seq, againAt }: { seq: number; againAt: number | undefined }): void {
  if (againAt === undefined) store.statement("DELETE FROM sns_delivery WHERE seq = ?").run(seq);
  else {
    store.statement("UPDATE sns_delivery SET attempts = attempts + 1, dueAt = ? WHERE seq = ?").run(againAt, seq);
  }
}
