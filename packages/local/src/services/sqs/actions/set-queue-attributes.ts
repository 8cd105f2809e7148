import type { Action, World } from "../../../kernel/service.ts";
import { missingParameter } from "../errors.ts";
import { refreshGroup } from "../fifo-group.ts";
import { textMap } from "../input.ts";
import { numberAttribute, type Queue, requestedQueue } from "../queue.ts";
import { withAttributes } from "../queue-attributes.ts";
import type { Sqs } from "../sqs.ts";

/** SetQueueAttributes. */
export function setQueueAttributes({ world, polls }: Sqs): Action {
  return async (input) => {
    const queue = await world.store.transaction(() => {
      const found = requestedQueue(world.store, input);
      if (input["Attributes"] === undefined) throw missingParameter("Attributes");
      updateAttributes(world, found, withAttributes(world, found, textMap(input, "Attributes")));
      return found;
    });
    polls.wake(queue.id);
    return {};
  };
}

/** Gives a queue these attributes, in a transaction of the caller's. */
export function updateAttributes(world: World, queue: Queue, attributes: Readonly<Record<string, string>>): void {
  world.store
    .statement("UPDATE sqs_queue SET attributes = ?, modifiedAt = ? WHERE id = ?")
    .run(JSON.stringify(attributes), world.clock.now(), queue.id);
  if (queue.fifo && attributes["DelaySeconds"] !== queue.attributes["DelaySeconds"]) {
    delayAgain(world, { ...queue, attributes });
  }
}

/** A new delay holds for the messages that wait already on FIFO queues, and only there (CreateQueue, DelaySeconds). */
function delayAgain({ store, clock }: World, queue: Queue): void {
  store
    .statement("UPDATE sqs_message SET visibleAt = enqueuedAt + ? WHERE queueId = ? AND receivedAt IS NULL")
    .run(numberAttribute(queue, "DelaySeconds") * 1_000, queue.id);
  const groups = store.statement("SELECT groupId FROM sqs_group WHERE queueId = ?").all(queue.id);
  for (const { groupId } of groups as { groupId: string }[]) refreshGroup(store, queue.id, groupId, clock.now());
}
