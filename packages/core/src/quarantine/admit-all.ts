import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import { logUnavailable } from "../log/log-unavailable.ts";
import type { Outcome } from "../message/outcome.ts";
import type { ReceivedMessage } from "../message/received-message.ts";
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
type Marks = ReadonlyMap<string, GroupMark>;

/** What is known of a batch's groups, and of what is set aside beside the handlers. */
export interface AdmittedGroups {
  /** Complete once `aside` has resolved. */
  readonly marks: Marks;
  /** How the messages have ended whose whole groups are being set aside; until then their queue must not let go of them. Never rejects. */
  readonly aside: Promise<ReadonlyMap<ReceivedMessage, Outcome>>;
}

/** A batch's messages, those ended that do not have their turn, and what is known of their groups. */
export interface Admitted<T> extends AdmittedGroups {
  readonly works: readonly Work<T>[];
}

/**
 * Where the consumer holds groups: sets messages aside whose group waits for a failed one, and writes down that a retry begins, so that
 * its end is seen to be missing where it dies of it. Where that cannot be read or written, nothing of the group is handled. Groups of which nothing
 * is to be handled are not waited for: those that have their turn are not slowed by them.
 */
export async function admitAll<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  parsed: readonly Work<T>[],
  ports: HoldingPorts,
): Promise<Admitted<T>> {
  const { quarantine } = ports;
  if (consumer.onPoison === "skip" || !inSequence(consumer, delivery)) {
    return { works: parsed, marks: new Map(), aside: Promise.resolve(new Map()) };
  }
  const byGroup = Map.groupBy(parsed, ({ message }) => message.groupId ?? "");
  const names = [...byGroup.keys()].map((group) => ({ queue: delivery.messages[0]?.queue ?? "", group }));
  const known = await tell(consumer, parsed, ports, () =>
    inTime("The quarantine", () => quarantine.marks(names), delivery.deadline),
  );
  const marks = new Map<string, GroupMark>();
  const works = new Map(parsed.map((work) => [work.message, work]));
  const aside: Promise<readonly (readonly [ReceivedMessage, Outcome])[]>[] = [];
  const admitNamed = async (name: GroupName, index: number): Promise<void> => {
    const ofGroup = byGroup.get(name.group) ?? [];
    const group = { name, mark: known?.[index], marks, quarantine };
    const admitting = known && admitGroup(consumer, delivery, ofGroup, group, ports);
    if (admitting && isAllAside(group, ofGroup, ports.now())) {
      for (const { message } of ofGroup) works.set(message, ended(message, { kind: "set-aside" }));
      aside.push(
        admitting.then((admissions) => ofGroup.map(({ message }, place) => endAside(message, admissions?.[place]))),
      );
      return;
    }
    const admissions = await admitting;
    for (const [place, work] of ofGroup.entries()) works.set(work.message, admitted(work, admissions?.[place]));
  };
  await Promise.all(names.map(admitNamed));
  return { works: [...works.values()], marks, aside: Promise.all(aside).then((ends) => new Map(ends.flat())) };
}

/** Whether, as far as is known, nothing of a group has its turn. What was received before may have had its effect: that has to be asked. */
function isAllAside<T>({ mark }: Group, works: readonly Work<T>[], nowMs: number): boolean {
  const arrivals = arrivalsOf(works);
  if (!mark || arrivals.length < works.length || works.some(({ message }) => message.receiveCount > 1)) return false;
  const at = { done: new Set<string>(), nowMs, maxReceiveCount: undefined };
  return planArrivals(mark, arrivals, at).admissions.every((each) => each !== "go");
}

/** One that has its turn after all, since its group has changed meanwhile, is received again: the handlers have not waited for it. */
function endAside(message: ReceivedMessage, admission: Admission | undefined): readonly [ReceivedMessage, Outcome] {
  if (admission === "set-aside" || admission === "drop") return [message, { kind: "set-aside" }];
  const cause = "quarantine-unavailable";
  return [message, { kind: "deferred", cause, ...(admission === "go" && { retryAfterSeconds: 0 }) }];
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
  const changed = await tell(consumer, works, ports, () => inTime("The quarantine", change, deadline));
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
  consumer: Consumer<T>,
  works: readonly Work<T>[],
  ports: HoldingPorts,
  ask: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await ask();
  } catch (error) {
    logUnavailable(consumer, { level: "error", event: "quarantine-unavailable" }, works, error, ports);
    return undefined;
  }
}
