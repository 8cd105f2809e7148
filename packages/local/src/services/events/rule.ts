import type { Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import { readEventPattern } from "../../patterns/event-pattern.ts";
import { readExpression } from "../../schedules/next-time.ts";
import type { Schedule } from "../../schedules/schedule.ts";
import type { Entry } from "../../schedules/schedule-table.ts";
import type { Timetable } from "../../schedules/timetable.ts";
import { invalid, optionalText, requiredText } from "../scheduler/input.ts";
import { readTarget } from "../scheduler/read-target.ts";
import { busNameOf, DEFAULT_BUS } from "./bus.ts";

const STATES = ["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"];

/** A bus and a name on it are a rule's identity; those of the default bus are known by their name alone. */
export function keyOf(bus: string, name: string): string {
  return bus === DEFAULT_BUS ? name : `${bus}/${name}`;
}

/** The rule that a request names by a member, and its bus. @throws ResourceNotFoundException */
export function requestedRule(timetable: Timetable, input: Members, member = "Name"): Entry {
  const bus = busNameOf(input);
  const name = requiredText(input, member);
  return existingRule(timetable.find(keyOf(bus, name)), name, bus);
}

/** @throws ResourceNotFoundException */
export function existingRule(entry: Entry | undefined, name: string, bus: string): Entry {
  if (entry) return entry;
  throw new ServiceError("ResourceNotFoundException", `Rule ${name} does not exist on EventBus ${bus}.`);
}

/** The targets of a rule, as they were given. */
export function targetsOf({ shown }: Pick<Schedule, "shown">): readonly Members[] {
  return (shown["Targets"] ?? []) as readonly Members[];
}

/**
 * Makes a rule of what is shown of it, with its Targets. Rules know rates and crons in UTC, on the default bus only (EventBridge user
 * guide, "Rules on a schedule").
 * @throws ValidationException or InvalidEventPatternException
 */
export function readRule({ region, accountId }: World, shown: Members): Schedule {
  const bus = busNameOf(shown);
  const name = readName(requiredText(shown, "Name"));
  const expression = readScheduleExpression(shown, bus);
  const patternText = optionalText(shown, "EventPattern");
  if (expression === undefined && patternText === undefined) {
    throw invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.");
  }
  const state = optionalText(shown, "State") ?? "ENABLED";
  if (!STATES.includes(state)) throw invalid(`State must be one of ${STATES.join(", ")}, not ${state}.`);
  return {
    name: keyOf(bus, name),
    arn: `arn:aws:events:${region}:${accountId}:rule/${keyOf(bus, name)}`,
    ...(expression !== undefined && { expression }),
    ...(patternText !== undefined && { pattern: readEventPattern(patternText) }),
    timeZone: "UTC",
    enabled: state !== "DISABLED",
    windowMinutes: 0,
    deletedWhenOver: false,
    targets: targetsOf({ shown }).map((target) => readTarget(target, true)),
    shown: { ...shown, Name: name, EventBusName: bus, State: state },
  };
}

function readName(name: string): string {
  if (/^[\w.-]{1,64}$/.test(name)) return name;
  throw invalid(`The rule's name ${JSON.stringify(name)} must be 1 to 64 letters, digits, and . - _`);
}

function readScheduleExpression(shown: Members, bus: string): string | undefined {
  const expression = optionalText(shown, "ScheduleExpression");
  if (expression === undefined) return undefined;
  if (bus !== DEFAULT_BUS) throw invalid("ScheduleExpression is supported only on the default event bus.");
  const kind = readExpression(expression)?.kind;
  if (kind !== "rate" && kind !== "cron") throw invalid("Parameter ScheduleExpression is not valid.");
  return expression;
}
