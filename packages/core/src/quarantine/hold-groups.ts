import { describeError } from "../classify/thrown.ts";
import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import { isOver } from "../message/outcome.ts";
import type { Attempted } from "../message/work.ts";
import type { GroupMark } from "../model/group-mark.ts";
import { inSequence } from "../order/in-sequence.ts";
import { failsFast, failsForGood } from "../retry/fails-for-good.ts";
import { inTime } from "../until-aborted.ts";
import type { AdmittedGroups, HoldingPorts } from "./admit-all.ts";
import { changeMark } from "./change-mark.ts";
import { type ArrivalEnd, type EndPlan, planEnds } from "./plan-ends.ts";
import type { GroupName } from "./quarantine.ts";
import { arrivalsOf } from "./set-aside-message.ts";
import { withEffect } from "./with-effect.ts";

/**
 * Where the consumer holds groups: holds each group of which a message has failed for good, before anything lets go of that message, and
 * frees those that waited for one that has now had its effect. A group that cannot be held keeps its message from failing fast.
 */
export async function holdGroups<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  settled: readonly Attempted[],
  { marks, aside }: AdmittedGroups,
  ports: HoldingPorts,
): Promise<readonly Attempted[]> {
  if (consumer.onPoison === "skip" || !inSequence(consumer, delivery)) return settled;
  const asideOf = await aside;
  const all = settled.map(({ message, outcome }) => ({ message, outcome: asideOf.get(message) ?? outcome }));
  const byGroup = Map.groupBy(
    all.filter(({ outcome }) => outcome.kind !== "set-aside"),
    ({ message }) => message.groupId ?? "",
  );
  const changed = new Map<unknown, Attempted>();
  await Promise.all(
    [...byGroup].map(async ([group, attempted]) => {
      const held = await holdGroup(consumer, delivery, attempted, marks.get(group), ports);
      for (const each of held) changed.set(each.message, each);
    }),
  );
  return all.map((each) => changed.get(each.message) ?? each);
}

async function holdGroup<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  attempted: readonly Attempted[],
  mark: GroupMark | undefined,
  ports: HoldingPorts,
): Promise<readonly Attempted[]> {
  const { queue = "", groupId: group = "" } = attempted[0]?.message ?? {};
  const ends = endsOf(consumer, delivery, attempted);
  const nothingFailed = mark === undefined && ends.every(({ end }) => end !== "lost");
  if (nothingFailed || ends.length === 0) return attempted;
  try {
    const { done, plan, after } = await inTime(
      "The quarantine",
      () => writeEnds(consumer, { queue, group }, mark, ends, ports),
      delivery.deadline,
    );
    if (after?.phase === "held" && after.front?.lineage !== mark?.front?.lineage) {
      const { lineage } = after.front ?? {};
      ports.log({ level: "warn", event: "group-held", consumer: consumer.name, queue, group, behind: lineage });
    }
    const aside = new Set(plan.aside.map(({ messageId }) => messageId));
    return attempted.map(({ message, outcome }) => {
      if (aside.has(message.messageId)) return { message, outcome: { kind: "set-aside" } };
      return { message, outcome: done.has(message.messageId) && !isOver(outcome) ? { kind: "duplicate" } : outcome };
    });
  } catch (error) {
    ports.log({
      level: "error",
      event: "quarantine-unavailable",
      consumer: consumer.name,
      messageIds: attempted.map(({ message: { messageId } }) => messageId),
      error: describeError(error),
    });
    return attempted.map((each) =>
      failsFast(consumer, each) ? { ...each, outcome: { kind: "deferred", cause: "quarantine-unavailable" } } : each,
    );
  }
}

function endsOf<T>(consumer: Consumer<T>, delivery: Delivery, attempted: readonly Attempted[]): readonly ArrivalEnd[] {
  return arrivalsOf(attempted).map((arrival, index) => ({
    ...arrival,
    end: endOf(consumer, delivery, attempted[index]),
  }));
}

interface WrittenEnds {
  readonly plan: EndPlan;
  readonly after: GroupMark | undefined;
  /** Messages, by their SQS ids, that have not failed: their effect is there since an earlier receive. */
  readonly done: ReadonlySet<string>;
}

async function writeEnds<T>(
  consumer: Consumer<T>,
  name: GroupName,
  mark: GroupMark | undefined,
  ends: readonly ArrivalEnd[],
  ports: HoldingPorts,
): Promise<WrittenEnds> {
  const lost = ends.filter(({ end }) => end === "lost");
  const done = await withEffect(consumer, lost, ports);
  const known = ends.map((each) => (done.has(each.message.messageId) ? { ...each, end: "passed" as const } : each));
  const { plan, mark: after } = await changeMark(
    name,
    mark,
    (at) => planEnds(at, known, ports.now()),
    ports.quarantine,
  );
  return { plan, after, done };
}

function endOf<T>(consumer: Consumer<T>, delivery: Delivery, attempted: Attempted | undefined): ArrivalEnd["end"] {
  if (!attempted) return "stays";
  if (isOver(attempted.outcome)) return "passed";
  return failsForGood(consumer, delivery, attempted) ? "lost" : "stays";
}
