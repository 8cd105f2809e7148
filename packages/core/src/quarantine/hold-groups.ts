import { describeError } from "../classify/thrown.ts";
import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import { isOver } from "../message/outcome.ts";
import type { Attempted } from "../message/work.ts";
import type { GroupMark } from "../model/group-mark.ts";
import { inSequence } from "../order/in-sequence.ts";
import { inTime } from "../until-aborted.ts";
import type { HoldingPorts, Marks } from "./admit-all.ts";
import { changeMark } from "./change-mark.ts";
import { type ArrivalEnd, isLastReceive, planEnds } from "./plan-ends.ts";
import { arrivalsOf } from "./set-aside-message.ts";

/**
 * Where the consumer holds groups: holds each group of which a message has failed for good, before anything lets go of that message, and
 * frees those that waited for one that has now had its effect. A group that cannot be held keeps its message from failing fast.
 */
export async function holdGroups<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  settled: readonly Attempted[],
  marks: Marks,
  ports: HoldingPorts,
): Promise<readonly Attempted[]> {
  if (consumer.onPoison === "skip" || !inSequence(consumer, delivery)) return settled;
  const byGroup = Map.groupBy(
    settled.filter(({ outcome }) => outcome.kind !== "set-aside"),
    ({ message }) => message.groupId ?? "",
  );
  const changed = new Map<unknown, Attempted>();
  await Promise.all(
    [...byGroup].map(async ([group, attempted]) => {
      const held = await holdGroup(consumer, delivery, attempted, marks.get(group), ports);
      for (const each of held) changed.set(each.message, each);
    }),
  );
  return settled.map((each) => changed.get(each.message) ?? each);
}

async function holdGroup<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  attempted: readonly Attempted[],
  mark: GroupMark | undefined,
  ports: HoldingPorts,
): Promise<readonly Attempted[]> {
  const { queue = "", groupId: group = "" } = attempted[0]?.message ?? {};
  const ends = arrivalsOf(attempted).map(
    (arrival, index): ArrivalEnd => ({ ...arrival, end: endOf(consumer, delivery, attempted[index]) }),
  );
  const nothingFailed = mark === undefined && ends.every(({ end }) => end !== "lost");
  if (nothingFailed || ends.length === 0) return attempted;
  try {
    const { plan, mark: after } = await inTime(
      "The quarantine",
      () => changeMark({ queue, group }, mark, (at) => planEnds(at, ends, ports.now()), ports.quarantine),
      delivery.deadline,
    );
    if (after?.phase === "held" && after.front?.lineage !== mark?.front?.lineage) {
      const { lineage } = after.front ?? {};
      ports.log({ level: "warn", event: "group-held", consumer: consumer.name, queue, group, behind: lineage });
    }
    const aside = new Set(plan.aside.map(({ messageId }) => messageId));
    return attempted.map((each) =>
      aside.has(each.message.messageId) ? { message: each.message, outcome: { kind: "set-aside" } } : each,
    );
  } catch (error) {
    ports.log({
      level: "error",
      event: "quarantine-unavailable",
      consumer: consumer.name,
      error: describeError(error),
    });
    return attempted.map((each) =>
      isFailFast(consumer, each) ? { ...each, outcome: { kind: "deferred", cause: "quarantine-unavailable" } } : each,
    );
  }
}

function endOf<T>(
  consumer: Consumer<T>,
  { maxReceiveCount }: Delivery,
  attempted: Attempted | undefined,
): ArrivalEnd["end"] {
  if (!attempted) return "stays";
  if (isOver(attempted.outcome)) return "passed";
  return isFailFast(consumer, attempted) || isLastReceive(attempted.message, maxReceiveCount) ? "lost" : "stays";
}

function isFailFast<T>({ failFast }: Consumer<T>, { outcome }: Attempted): boolean {
  return failFast && outcome.kind === "failed" && !outcome.reason.retryable;
}
