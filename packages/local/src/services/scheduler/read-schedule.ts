import type { Members, World } from "../../kernel/service.ts";
import { readExpression } from "../../schedules/next-time.ts";
import type { Schedule } from "../../schedules/schedule.ts";
import { isTimeZone } from "../../schedules/wall-time.ts";
import { integerWithin, invalid, optionalText, optionalTime, refuseOthers, requiredText, structure } from "./input.ts";
import { readTarget } from "./read-target.ts";

/** What a schedule is made of. */
export const MEMBERS: readonly string[] = [
  "ActionAfterCompletion",
  "Description",
  "EndDate",
  "FlexibleTimeWindow",
  "GroupName",
  "Name",
  "ScheduleExpression",
  "ScheduleExpressionTimezone",
  "StartDate",
  "State",
  "Target",
];

/** The longest flexible window, minutes (CreateSchedule). */
const LONGEST_WINDOW_MINUTES = 1_440;

/** Reads what CreateSchedule, UpdateSchedule or a template says. @throws ValidationException */
export function readSchedule(world: World, input: Members): Schedule {
  refuseOthers(input, [...MEMBERS, "ClientToken", "KmsKeyArn"], "a schedule");
  const group = optionalText(input, "GroupName") ?? "default";
  const expression = requiredText(input, "ScheduleExpression");
  if (!readExpression(expression)) throw invalid(`Invalid Schedule Expression ${expression}.`);
  const timeZone = optionalText(input, "ScheduleExpressionTimezone") ?? "UTC";
  if (!isTimeZone(timeZone)) throw invalid(`Invalid ScheduleExpressionTimezone ${timeZone}.`);
  const state = optionalText(input, "State") ?? "ENABLED";
  if (state !== "ENABLED" && state !== "DISABLED") throw invalid(`Invalid State ${state}.`);
  const startMs = optionalTime(input, "StartDate");
  const endMs = optionalTime(input, "EndDate");
  const name = readName(requiredText(input, "Name"));
  return {
    name: keyOf(group, name),
    arn: `arn:aws:scheduler:${world.region}:${world.accountId}:schedule/${group}/${name}`,
    expression,
    timeZone,
    enabled: state === "ENABLED",
    windowMinutes: readWindow(structure(input, "FlexibleTimeWindow")),
    deletedWhenOver: optionalText(input, "ActionAfterCompletion") === "DELETE",
    targets: [readTarget(structure(input, "Target"))],
    ...(startMs !== undefined && { startMs }),
    ...(endMs !== undefined && { endMs }),
    shown: {
      ActionAfterCompletion: "NONE",
      ...Object.fromEntries(MEMBERS.map((member) => [member, input[member]])),
      GroupName: group,
      ScheduleExpressionTimezone: timeZone,
      StartDate: startMs === undefined ? undefined : startMs / 1_000,
      EndDate: endMs === undefined ? undefined : endMs / 1_000,
      State: state,
    },
  };
}

/** A group and a name in it are a schedule's identity. */
export function keyOf(group: string, name: string): string {
  return `${group}/${name}`;
}

/** @throws ValidationException for a name of a schedule or a group that cannot be */
export function readName(name: string): string {
  if (/^[\w.-]{1,64}$/.test(name)) return name;
  throw invalid(`The name ${JSON.stringify(name)} must be 1 to 64 letters, digits, and . - _`);
}

function readWindow(window: Members): number {
  refuseOthers(window, ["MaximumWindowInMinutes", "Mode"], "FlexibleTimeWindow");
  const mode = requiredText(window, "Mode");
  const minutes = integerWithin(window, "MaximumWindowInMinutes", 1, LONGEST_WINDOW_MINUTES);
  if (mode === "OFF") return 0;
  if (mode === "FLEXIBLE" && minutes !== undefined) return minutes;
  throw invalid("FlexibleTimeWindow must have the Mode OFF, or FLEXIBLE and MaximumWindowInMinutes.");
}
