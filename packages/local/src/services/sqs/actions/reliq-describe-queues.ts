import type { Action, Members, World } from "../../../kernel/service.ts";
import { countMessages } from "../message-counts.ts";
import { allQueues, existingQueue, type Queue, queueArn, queueUrl } from "../queue.ts";
import { oldestAgeSeconds } from "../queue-metrics.ts";
import { redrivePolicy } from "../redrive-policy.ts";
import type { Sqs } from "../sqs.ts";

/** ReliqDescribeQueues: what each queue holds and what became of its messages, all of one moment; it is not a receive. */
export function reliqDescribeQueues({ world }: Sqs): Action {
  return () =>
    world.store.transaction(() => ({ Queues: allQueues(world.store).map((queue) => describe(world, queue)) }));
}

function describe(world: World, queue: Queue): Members {
  const nowMs = world.clock.now();
  const counts = countMessages(world.store, queue, nowMs);
  const history = existingQueue(world.store, queue.name);
  const policy = redrivePolicy(queue);
  return {
    QueueName: queue.name,
    QueueUrl: queueUrl(world, queue.name),
    QueueArn: queueArn(world, queue.name),
    FifoQueue: queue.fifo,
    Waiting: counts.waiting,
    InFlight: counts.inFlight,
    Delayed: counts.delayed,
    OldestAgeSeconds: oldestAgeSeconds(world.store, queue, nowMs),
    ...(policy && {
      DeadLetterTargetArn: policy.deadLetterTargetArn,
      MaxReceiveCount: policy.maxReceiveCount,
    }),
    History: {
      Accepted: history.accepted,
      Deleted: history.deleted,
      Purged: history.purged,
      Expired: history.expired,
      MovedIn: history.movedIn,
      MovedOut: history.movedOut,
    },
  };
}
