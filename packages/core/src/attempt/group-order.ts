import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import { isOver } from "../message/outcome.ts";
import { ended, type Work } from "../message/work.ts";
import { atOnce } from "../order/at-once.ts";
import type { ConsumePorts } from "../ports.ts";
import { attempt } from "./attempt.ts";

/** What a consumer needs on FIFO queues. A port, so that the bundle of a consumer of a standard queue has nothing of it. */
export interface GroupOrder {
  /** Hands messages to the handler: groups side by side, a group's messages in order and only while each succeeds. */
  attempt<T>(
    consumer: Consumer<T>,
    delivery: Delivery,
    claimed: readonly Work<T>[],
    ports: ConsumePorts,
  ): Promise<readonly Work<T>[]>;
}

/** The consumer's port `groups`. */
export const groupOrder: GroupOrder = {
  attempt: async (consumer, delivery, claimed, ports) => {
    const groups = [...Map.groupBy(claimed, ({ message }) => message.groupId ?? message.messageId).values()];
    const attempted = await atOnce(groups, consumer.concurrency, (group) =>
      attemptGroup(consumer, delivery, group, ports),
    );
    const byMessage = new Map(attempted.flat().map((work) => [work.message, work]));
    return claimed.map((work) => byMessage.get(work.message) ?? work);
  },
};

async function attemptGroup<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  group: readonly Work<T>[],
  ports: ConsumePorts,
): Promise<readonly Work<T>[]> {
  const done: Work<T>[] = [];
  let stoppedBy: string | undefined;
  for (const work of group) {
    const next: Work<T> =
      stoppedBy === undefined ? await attempt(consumer, delivery, work, ports) : behind(work, stoppedBy);
    const stops = next.stage.at === "refused" || (next.stage.at === "ended" && !isOver(next.stage.outcome));
    if (stops) stoppedBy ??= work.message.messageId;
    done.push(next);
  }
  return done;
}

/** A bad message behind a failed one is not judged before its turn either. */
function behind<T>({ message }: Work<T>, sibling: string): Work<T> {
  return ended(message, { kind: "deferred", cause: "behind-sibling", behind: sibling, retryAfterSeconds: 0 });
}
