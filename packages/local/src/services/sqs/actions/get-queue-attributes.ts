import type { Action, World } from "../../../kernel/service.ts";
import { unknownAttribute } from "../errors.ts";
import { texts } from "../input.ts";
import { countMessages } from "../message-counts.ts";
import { type Queue, queueArn, requestedQueue } from "../queue.ts";
import { SETTABLE } from "../queue-attributes.ts";
import type { Sqs } from "../sqs.ts";

/** GetQueueAttributes; the counts are exact here. */
export function getQueueAttributes({ world }: Sqs): Action {
  return (input) =>
    world.store.transaction(() => {
      const queue = requestedQueue(world.store, input);
      const names = texts(input, "AttributeNames");
      if (names.length === 0) return {};
      const all = attributesOf(world, queue);
      if (names.includes("All")) return { Attributes: all };
      for (const name of names) if (!(name in all) && !SETTABLE.includes(name)) throw unknownAttribute(name);
      return { Attributes: Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name))) };
    });
}

function attributesOf(world: World, queue: Queue): Record<string, string> {
  const counts = countMessages(world.store, queue, world.clock.now());
  return {
    ...queue.attributes,
    QueueArn: queueArn(world, queue.name),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1_000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1_000)),
    ApproximateNumberOfMessages: String(counts.waiting),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
  };
}
