import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import { isOver } from "../message/outcome.ts";
import { ended, type Work } from "../message/work.ts";
import { atOnce } from "../order/at-once.ts";
import { groups, inSequence } from "../order/in-sequence.ts";
import type { ConsumePorts } from "../ports.ts";
import { attempt } from "./attempt.ts";

/** Hands every ready message to the handler: groups side by side, a group's messages in order and only while each succeeds. */
export async function attemptAll<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  claimed: readonly Work<T>[],
  ports: ConsumePorts,
): Promise<readonly Work<T>[]> {
  if (!inSequence(consumer, delivery)) {
    return atOnce(claimed, consumer.concurrency, (work) => attempt(consumer, delivery, work, ports));
  }
  const attempted = await atOnce(groups(claimed), consumer.concurrency, (group) =>
    attemptGroup(consumer, delivery, group, ports),
  );
  const byMessage = new Map(attempted.flat().map((work) => [work.message, work]));
  return claimed.map((work) => byMessage.get(work.message) ?? work);
}

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
