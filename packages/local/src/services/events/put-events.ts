import { randomUUID } from "node:crypto";
import type { Action, Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import { fitsRules } from "../../patterns/match.ts";
import type { NewFire } from "../../schedules/schedule.ts";
import type { Entry } from "../../schedules/schedule-table.ts";
import { shapeEvent } from "../../schedules/shape-event.ts";
import type { Timetable } from "../../schedules/timetable.ts";
import { invalid, optionalText, requiredText } from "../scheduler/input.ts";
import { busNameOf, existingBus, findBus } from "./bus.ts";
import { entryBytes, readEvent } from "./event.ts";
import type { CountOfRule } from "./rule-metrics.ts";

/** The limits of a request (PutEvents). */
const MOST_ENTRIES = 10;
const LARGEST_REQUEST_BYTES = 262_144;

interface Taken {
  readonly bus: string;
  readonly event: string;
  readonly traceHeader: string | undefined;
  /** It came from another bus, so it goes to no third one (EventBridge user guide, "Sending events between event buses"). */
  readonly forwarded: boolean;
}

/** PutEvents, and the region's own way from one bus to another. */
export function eventActions(world: World, timetable: Timetable, count: CountOfRule): Record<string, Action> {
  const send = async (taken: readonly Taken[]): Promise<void> => {
    const takenAt = world.clock.now();
    const matched: string[] = [];
    await timetable.send((rules) =>
      taken.flatMap((each) => {
        const fitting = rulesFor(rules, each);
        matched.push(...fitting.map(({ schedule }) => schedule.arn));
        return fitting.flatMap((rule) => firesOf(rule, each, takenAt));
      }),
    );
    for (const arn of matched) {
      count("MatchedEvents", arn);
      count("TriggeredRules", arn);
    }
  };
  return {
    PutEvents: async (input, { traceHeader }) => {
      const read = readEntries(input).map((entry) => readEntry(world, entry, traceHeader));
      await send(read.flatMap(({ taken }) => taken ?? []));
      const failed = read.filter(({ taken }) => taken === undefined);
      return { FailedEntryCount: failed.length, Entries: read.map(({ answer }) => answer) };
    },
    ReliqForwardEvent: async (input, { traceHeader }) => {
      const bus = existingBus(world.store, busNameOf(input)).name;
      await send([{ bus, event: requiredText(input, "Event"), traceHeader, forwarded: true }]);
      return {};
    },
  };
}

/** @throws ValidationException, which fails the whole request */
function readEntries(input: Members): readonly Members[] {
  const entries = (Array.isArray(input["Entries"]) ? input["Entries"] : []) as readonly Members[];
  if (entries.length < 1 || entries.length > MOST_ENTRIES) {
    throw invalid(
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${MOST_ENTRIES}`,
    );
  }
  if (entries.reduce((sum, entry) => sum + entryBytes(entry), 0) > LARGEST_REQUEST_BYTES) {
    throw invalid("Total size of the entries in the request is over the limit.");
  }
  return entries;
}

/** An event for a bus that is not there is taken and lost, as on AWS, and that is reported. */
function readEntry(
  world: World,
  entry: Members,
  ofRequest: string | undefined,
): { readonly answer: Members; readonly taken?: Taken } {
  const id = randomUUID();
  try {
    const bus = busNameOf(entry);
    const event = readEvent(world, entry, id, world.clock.now());
    if (!findBus(world.store, bus))
      world.report(`An event (${id}) was put on the bus ${bus}, which does not exist: it is lost.`);
    const traceHeader = optionalText(entry, "TraceHeader") ?? ofRequest;
    return { answer: { EventId: id }, taken: { bus, event, traceHeader, forwarded: false } };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { answer: { ErrorCode: error.code, ErrorMessage: error.message } };
  }
}

function rulesFor(rules: readonly Entry[], { bus, event }: Taken): readonly Entry[] {
  const fields = JSON.parse(event) as Members;
  return rules.filter(
    ({ schedule: { enabled, pattern, shown } }) =>
      enabled && pattern && shown["EventBusName"] === bus && fitsRules(pattern, fields),
  );
}

function firesOf({ schedule }: Entry, { event, traceHeader, forwarded }: Taken, takenAt: number): readonly NewFire[] {
  const { arn, shown, targets } = schedule;
  const rule = { arn, name: String(shown["Name"]), takenAt };
  return targets
    .filter((target) => !forwarded || !target.arn.startsWith("arn:aws:events:"))
    .map((target) => ({
      scheduleArn: arn,
      scheduledAt: takenAt,
      target: traceHeader === undefined ? target : { ...target, traceHeader },
      payload: shapeEvent(target, event, rule),
    }));
}
