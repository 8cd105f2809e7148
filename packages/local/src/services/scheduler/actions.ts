import type { Action, Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import type { Schedule } from "../../schedules/schedule.ts";
import type { Entry } from "../../schedules/schedule-table.ts";
import type { Timetable } from "../../schedules/timetable.ts";
import { requireGroup } from "./groups.ts";
import { integerWithin, invalid, optionalText, requiredText } from "./input.ts";
import { keyOf, readSchedule } from "./read-schedule.ts";

/** CreateSchedule, GetSchedule, UpdateSchedule, DeleteSchedule and ListSchedules. */
export function schedulerActions(world: World, timetable: Timetable): Record<string, Action> {
  const put = async (input: Members, exists: boolean): Promise<Members> => {
    const schedule: Schedule = readSchedule(world, input);
    requireGroup(world.store, String(schedule.shown["GroupName"]));
    if (exists) requested(timetable, input);
    else if (timetable.find(schedule.name)) {
      throw new ServiceError("ConflictException", `Schedule ${input["Name"]} already exists.`, { status: 409 });
    }
    await timetable.put(schedule);
    return { ScheduleArn: schedule.arn };
  };
  return {
    CreateSchedule: (input) => put(input, false),
    DeleteSchedule: async (input) => {
      await timetable.remove(requested(timetable, input).schedule.name);
      return {};
    },
    GetSchedule: (input) => describe(requested(timetable, input)),
    ListSchedules: (input) => list(timetable, input),
    UpdateSchedule: (input) => put(input, true),
  };
}

/** @throws ResourceNotFoundException */
function requested(timetable: Timetable, input: Members): Entry {
  const name = requiredText(input, "Name");
  const group = optionalText(input, "GroupName") ?? optionalText(input, "groupName") ?? "default";
  const entry = timetable.find(keyOf(group, name));
  if (entry) return entry;
  throw new ServiceError("ResourceNotFoundException", `Schedule ${name} does not exist.`, { status: 404 });
}

function describe({ schedule, createdAt, modifiedAt }: Entry): Members {
  return {
    ...schedule.shown,
    Arn: schedule.arn,
    CreationDate: createdAt / 1_000,
    LastModificationDate: modifiedAt / 1_000,
  };
}

function list(timetable: Timetable, input: Members): Members {
  const group = optionalText(input, "ScheduleGroup");
  const prefix = optionalText(input, "NamePrefix") ?? "";
  const state = optionalText(input, "State");
  const most = integerWithin(input, "MaxResults", 1, 100) ?? 100;
  const after = readListToken(optionalText(input, "NextToken"));
  const found = timetable
    .all()
    .filter(
      ({ schedule: { name, shown } }) =>
        name > after &&
        (group === undefined || shown["GroupName"] === group) &&
        (state === undefined || shown["State"] === state) &&
        String(shown["Name"]).startsWith(prefix),
    );
  const page = found.slice(0, most);
  const last = page.at(-1)?.schedule.name;
  return {
    Schedules: page.map((entry) => {
      const { Arn, CreationDate, GroupName, LastModificationDate, Name, State, Target } = describe(entry);
      return {
        Arn,
        CreationDate,
        GroupName,
        LastModificationDate,
        Name,
        State,
        Target: { Arn: (Target as Members)["Arn"] },
      };
    }),
    ...(found.length > most && last !== undefined && { NextToken: Buffer.from(last).toString("base64url") }),
  };
}

/** Names are in the order of their UTF-16 code units. @throws ValidationException */
function readListToken(token: string | undefined): string {
  if (token === undefined) return "";
  const after = Buffer.from(token, "base64url").toString("utf8");
  if (after !== "" && Buffer.from(after).toString("base64url") === token) return after;
  throw invalid("The NextToken is not one of this list.");
}
