import { createActivity } from "../kernel/activity.ts";
import type { World } from "../kernel/service.ts";
import { beginHop } from "../kernel/trace-hop.ts";
import { afterFailure, deadLetter, deliver } from "./deliver.ts";
import { nextTime, readExpression } from "./next-time.ts";
import { payloadOf } from "./payload.ts";
import type { DeliveryMetric, Fire, NewFire, Owner, Schedule } from "./schedule.ts";
import {
  allEntries,
  deleteEntry,
  dueEntries,
  dueFires,
  type Entry,
  findEntry,
  insertFire,
  nextDueEntry,
  nextDueFire,
  SCHEMA,
  writeEntry,
} from "./schedule-table.ts";

/** Counts what became of a delivery, by the ARN of what made it. */
type Count = (metric: DeliveryMetric, scheduleArn: string) => void;

/** The schedules of one service, carried out. */
export interface Timetable {
  /** Adds a schedule or changes one; what was due before goes on. */
  put(schedule: Schedule): Promise<Entry>;
  /** Makes a schedule of what is known of its name, in one step. @throws what `change` throws; then nothing is changed. */
  change(name: string, change: (known: Entry | undefined) => Schedule): Promise<Entry>;
  /** Puts events on their way; resolves once they are kept. @param make is called in the transaction, with every schedule. */
  send(make: (entries: readonly Entry[]) => readonly NewFire[]): Promise<void>;
  /** Returns whether it was there. */
  remove(name: string): Promise<boolean>;
  find(name: string): Entry | undefined;
  all(): Entry[];
  start(): void;
  underWay(): readonly string[];
  stop(): Promise<void>;
}

/** The most deliveries at once; the others wait until these are over. */
const MOST_DELIVERIES = 256;

/** The first wait after a round that the store refused, ms. */
const STORE_RETRY_MS = 1_000;

/**
 * Keeps schedules across a restart. That one was due, and its next time, are one commit, and its event stays until its target has it: each time is
 * delivered at least once, and once more at most for each time that the region dies in between. What was due many times while the region
 * was down, or in a jump, is due once.
 */
export function createTimetable(world: World, owner: Owner, count: Count = () => {}): Timetable {
  const { store, clock } = world;
  store.define(SCHEMA);
  const activity = createActivity();
  const running = new Map<number, Promise<void>>();
  let open = false;
  let cancel = (): void => {};

  const arm = (notBefore = 0): void => {
    cancel();
    const dueAt = open ? nextDueOutside() : undefined;
    if (dueAt !== undefined) cancel = clock.at(Math.max(dueAt, notBefore), () => void round());
  };
  /** Deliveries that run are no reason to wake: they arm anew as they end. */
  const nextDueOutside = (): number | undefined => {
    const fireAt = running.size > 0 ? undefined : nextDueFire(store, owner.name);
    const entryAt = nextDueEntry(store, owner.name);
    return fireAt === undefined || entryAt === undefined ? (fireAt ?? entryAt) : Math.min(fireAt, entryAt);
  };
  const round = async (): Promise<void> => {
    const end = activity.begin("a schedule");
    try {
      if (dueEntries(store, owner.name, clock.now()).length > 0) await store.transaction(() => fireDue(world, owner));
      for (const fire of dueFires(store, owner.name, clock.now(), MOST_DELIVERIES)) {
        if (running.has(fire.seq) || !open) continue;
        const delivery = attempt(fire).then((notBefore) => {
          running.delete(fire.seq);
          arm(notBefore);
        });
        running.set(fire.seq, delivery);
      }
      arm();
    } catch {
      // The store has reported it.
      arm(clock.now() + STORE_RETRY_MS);
    } finally {
      end();
    }
  };
  /** Returns when the next look may be. */
  const attempt = async (fire: Fire): Promise<number> => {
    const end = activity.begin("the delivery of an event");
    try {
      await attemptFire(world, owner, count, fire);
      return 0;
    } catch {
      // The store has reported it.
      return clock.now() + STORE_RETRY_MS;
    } finally {
      end();
    }
  };
  const change: Timetable["change"] = async (name, make) => {
    const entry = await store.transaction(() => putEntry(world, owner, make(findEntry(store, owner.name, name))));
    arm();
    return entry;
  };
  return {
    put: (schedule) => change(schedule.name, () => schedule),
    change,
    send: async (make) => {
      await store.transaction(() => {
        for (const fire of make(allEntries(store, owner.name))) insertFire(store, owner.name, fire, fire.scheduledAt);
      });
      arm();
    },
    remove: (name) => store.transaction(() => deleteEntry(store, owner.name, name)),
    find: (name) => findEntry(store, owner.name, name),
    all: () => allEntries(store, owner.name),
    start: () => {
      open = true;
      arm();
    },
    underWay: activity.underWay,
    stop: async () => {
      open = false;
      cancel();
      await Promise.all(running.values());
    },
  };
}

function putEntry({ store, clock }: World, owner: Owner, schedule: Schedule): Entry {
  const now = clock.now();
  const known = findEntry(store, owner.name, schedule.name);
  const timing = (each: Schedule): string =>
    JSON.stringify([each.expression, each.timeZone, each.startMs, each.endMs, each.enabled]);
  const same = known && timing(known.schedule) === timing(schedule);
  const anchorAt = same ? known.anchorAt : (schedule.startMs ?? now);
  const entry: Entry = {
    schedule,
    createdAt: known?.createdAt ?? now,
    modifiedAt: now,
    anchorAt,
    nextAt: same ? known.nextAt : nextOf(schedule, anchorAt, now),
  };
  writeEntry(store, owner.name, entry);
  return entry;
}

/** When a schedule is due after a time, or null; a rate with a start is due at the start too. */
function nextOf(schedule: Schedule, anchorMs: number, nowMs: number): number | null {
  const { timeZone, startMs, endMs, enabled } = schedule;
  const expression = readExpression(schedule.expression ?? "");
  if (!expression || !enabled) return null;
  const early = startMs !== undefined && startMs > nowMs;
  const next =
    early && expression.kind === "rate"
      ? startMs
      : nextTime(expression, { afterMs: early ? startMs - 1 : nowMs, anchorMs, timeZone });
  return next === undefined || (endMs !== undefined && next > endMs) ? null : next;
}

/** Puts the events of all that is due on their way, and sets when each is due next. */
function fireDue(world: World, owner: Owner): void {
  const { store, clock } = world;
  const now = clock.now();
  for (const entry of dueEntries(store, owner.name, now)) {
    const { schedule, anchorAt } = entry;
    const scheduledAt = entry.nextAt ?? now;
    const waitMs = Math.floor(Math.random() * schedule.windowMinutes * 60_000);
    for (const target of schedule.targets) {
      const payload = payloadOf(world, owner.source, schedule, target, scheduledAt);
      insertFire(store, owner.name, { scheduleArn: schedule.arn, scheduledAt, target, payload }, scheduledAt + waitMs);
    }
    const nextAt = nextOf(schedule, anchorAt, now);
    if (nextAt === null && schedule.deletedWhenOver) deleteEntry(store, owner.name, schedule.name);
    else writeEntry(store, owner.name, { ...entry, nextAt });
  }
}

/** Forgets the event only once its target, or its dead-letter queue, has it. */
async function attemptFire(world: World, owner: Owner, count: Count, fire: Fire): Promise<void> {
  const { store, clock } = world;
  const forget = (): Promise<unknown> =>
    store.transaction(() => store.statement("DELETE FROM schedule_fire WHERE seq = ?").run(fire.seq));
  const hop = beginHop(world, fire.target.traceHeader, {
    name: fire.scheduleArn.slice(fire.scheduleArn.lastIndexOf(":") + 1),
    origin: "AWS::Events::Rule",
    operation: `to ${fire.target.arn.split(":").slice(5).join(":")}`,
    takenMs: fire.scheduledAt,
  });
  const { target } = fire;
  try {
    await deliver(world, hop.header === undefined ? fire : { ...fire, target: { ...target, traceHeader: hop.header } });
    hop.end();
  } catch (error) {
    hop.end({ type: "DeliveryFailed", message: String(error) });
    const next = afterFailure(fire, error, clock.now());
    if (next.kind === "again") {
      await store.transaction(() =>
        store
          .statement("UPDATE schedule_fire SET attempts = attempts + 1, dueAt = ? WHERE seq = ?")
          .run(next.dueAt, fire.seq),
      );
      return;
    }
    world.report(`An event could not be delivered to ${fire.target.arn}: ${String(error)}`);
    count("FailedInvocations", fire.scheduleArn);
    if (fire.target.deadLetterArn !== undefined) {
      count(await giveUp(world, owner, fire, error, next.condition), fire.scheduleArn);
    }
  }
  count("Invocations", fire.scheduleArn);
  await forget();
}

/** Sends an event to its dead-letter queue; where that fails too, it is lost, as on AWS, and reported. */
async function giveUp(
  world: World,
  owner: Owner,
  fire: Fire,
  error: unknown,
  condition: string | undefined,
): Promise<DeliveryMetric> {
  try {
    await deadLetter(world, fire, error, condition, owner);
    return "InvocationsSentToDlq";
  } catch (cause) {
    world.report(`Nor could it be sent to ${fire.target.deadLetterArn}: ${String(cause)}`);
    return "InvocationsFailedToBeSentToDlq";
  }
}
