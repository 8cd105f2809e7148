import type { Action } from "../../../kernel/service.ts";
import { keepEnds } from "../ends.ts";
import { purgeInProgress } from "../errors.ts";
import { expireMessages } from "../message.ts";
import { count, requestedQueue } from "../queue.ts";
import type { Sqs } from "../sqs.ts";

/** How long until a queue can be purged again, milliseconds (PurgeQueue). */
const BETWEEN_PURGES_MS = 60_000;

/** PurgeQueue: deletes the messages in flight too. */
export function purgeQueue({ world }: Sqs): Action {
  return (input) =>
    world.store.transaction(() => {
      const queue = requestedQueue(world.store, input);
      const nowMs = world.clock.now();
      if (nowMs < queue.purgedAt + BETWEEN_PURGES_MS) throw purgeInProgress(queue.name);
      expireMessages(world.store, queue, nowMs);
      keepEnds(world.store, "purged", queue.id, nowMs, nowMs);
      const { changes } = world.store.statement("DELETE FROM sqs_message WHERE queueId = ?").run(queue.id);
      world.store.statement("DELETE FROM sqs_group WHERE queueId = ?").run(queue.id);
      world.store.statement("UPDATE sqs_queue SET purgedAt = ? WHERE id = ?").run(nowMs, queue.id);
      count(world.store, queue.id, "purged", Number(changes));
      return {};
    });
}
