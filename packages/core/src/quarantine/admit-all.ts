import { describeError } from "../classify/thrown.ts";
import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import { ended, type Work } from "../message/work.ts";
import type { Admission, GroupMark } from "../model/group-mark.ts";
import { inSequence } from "../order/in-sequence.ts";
import type { ConsumePorts } from "../ports.ts";
import { inTime } from "../until-aborted.ts";
import { changeMark } from "./change-mark.ts";
import { type ArrivalPlan, planArrivals } from "./plan-arrivals.ts";
import type { GroupName, Quarantine } from "./quarantine.ts";
import { arrivalsOf } from "./set-aside-message.ts";
import { withEffect } from "./with-effect.ts";

/** What holding groups works with. */
export interface HoldingPorts extends Pick<ConsumePorts, "journal" | "log" | "now"> {
  readonly quarantine: Pick<Quarantine, "commit" | "marks">;
}

/** The marks of a batch's groups, as this batch has read or written them last; a group in which nothing failed has none. */
export type Marks = ReadonlyMap<string, GroupMark>;

/** A batch's messages, those ended that do not have their turn, and what is known of their groups. */
export interface Admitted<T> {
  readonly works: readonly Work<T>[];
  readonly marks: Marks;
}

/**
 * Where the consumer holds groups: sets messages aside whose group waits for a failed one, and writes down that a retry begins, so that
 * its end is seen to be missing where it dies of it. Where that cannot be read or written, nothing of the group is handled.
 */
export async function admitAll<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  parsed: readonly Work<T>[],
  ports: HoldingPorts,
): Promise<Admitted<T>> {
  const { quarantine } = ports;
  if (consumer.onPoison === "skip" || !inSequence(consumer, delivery)) {
    return { works: parsed, marks: new Map() };
  }
  const byGroup = Map.groupBy(parsed, ({ message }) => message.groupId ?? "");
  const names = [...byGroup.keys()].map((group) => ({ queue: delivery.messages[0]?.queue ?? "", group }));
  const known = await tell(consumer, ports, () =>
    inTime("The quarantine", () => quarantine.marks(names), delivery.deadline),
  );
  const marks = new Map<string, GroupMark>();
  const works = new Map(parsed.map((work) => [work.message, work]));
  await Promise.all(
    names.map(async (name, index) => {
      const ofGroup = byGroup.get(name.group) ?? [];
      const admissions =
        known &&
        (await admitGroup(consumer, delivery, ofGroup, { name, mark: known[index], marks, quarantine }, ports));
      for (const [place, work] of ofGroup.entries()) works.set(work.message, admitted(work, admissions?.[place]));
    }),
  );
  return { works: [...works.values()], marks };
}

interface Group {
  readonly name: GroupName;
  readonly mark: GroupMark | undefined;
  readonly marks: Map<string, GroupMark>;
  readonly quarantine: Pick<Quarantine, "commit" | "marks">;
}

async function admitGroup<T>(
  consumer: Consumer<T>,
  { deadline, maxReceiveCount }: Delivery,
  works: readonly Work<T>[],
  { name, mark, marks, quarantine }: Group,
  ports: HoldingPorts,
): Promise<readonly Admission[] | undefined> {
  const arrivals = arrivalsOf(works);
  // A group in which nothing has failed, and whose messages come for the first time: the usual case costs no more than the read.
  const change = async () => {
    const done = await withEffect(consumer, arrivals, ports);
    const decide = (at: GroupMark): ArrivalPlan =>
      planArrivals(at, arrivals, { maxReceiveCount, done, nowMs: ports.now() });
    return changeMark(name, mark, decide, quarantine);
  };
  const changed = await tell(consumer, ports, () => inTime("The quarantine", change, deadline));
  if (changed?.mark) marks.set(name.group, changed.mark);
  return changed?.plan.admissions;
}

function admitted<T>(work: Work<T>, admission: Admission | undefined): Work<T> {
  switch (admission) {
    case "go":
      return work;
    case "drop":
    case "set-aside":
      return ended(work.message, { kind: "set-aside" });
    case undefined:
      return ended(work.message, { kind: "deferred", cause: "quarantine-unavailable" });
  }
}

async function tell<T, Result>(
  { name }: Consumer<T>,
  { log }: HoldingPorts,
  ask: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await ask();
  } catch (error) {
    log({ level: "error", event: "quarantine-unavailable", consumer: name, error: describeError(error) });
    return undefined;
  }
}
