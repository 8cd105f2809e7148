import { parseJson } from "../../kernel/protocol/aws-json.ts";
import type { RestRoute } from "../../kernel/protocol/rest.ts";
import type { ResourceProvider } from "../../kernel/resource.ts";
import type { Action, Service, World } from "../../kernel/service.ts";
import { createTimetable, type Timetable } from "../../schedules/timetable.ts";
import { schedulerActions } from "./actions.ts";
import { groupProvider, SCHEMA } from "./groups.ts";
import { MEMBERS, readSchedule } from "./read-schedule.ts";

const SCHEDULE = "/schedules/{Name}";
const TARGETS = "targets are functions, queues and topics, not `aws-sdk` calls";

/** Amazon EventBridge Scheduler: schedules with time zones, windows, retries and dead-letter queues. */
export function schedulerService(world: World): Service {
  world.store.define(SCHEMA);
  const timetable = createTimetable(world, {
    name: "scheduler",
    source: "aws.scheduler",
    arnAttribute: "SCHEDULE_ARN",
  });
  const actions = schedulerActions(world, timetable);
  return {
    name: "scheduler",
    actions,
    partly: {
      CreateSchedule: `${TARGETS}; a client token is not remembered`,
      UpdateSchedule: TARGETS,
    },
    rest: { routes: routesOf(actions), errors: "json" },
    resources: {
      "AWS::Scheduler::Schedule": scheduleProvider(world, timetable),
      "AWS::Scheduler::ScheduleGroup": groupProvider(world, timetable),
    },
    start: timetable.start,
    underWay: timetable.underWay,
    stop: timetable.stop,
  };
}

function routesOf(actions: Readonly<Record<string, Action>>): RestRoute[] {
  const route = (action: string, method: string, path: string): RestRoute => ({
    method,
    path,
    action,
    handle: async ({ parameters, query, body }, context) => ({
      status: 200,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(
        await actions[action]?.({ ...parseJson(body), ...Object.fromEntries(query), ...parameters }, context),
      ),
    }),
  });
  return [
    route("ListSchedules", "GET", "/schedules"),
    route("CreateSchedule", "POST", SCHEDULE),
    route("GetSchedule", "GET", SCHEDULE),
    route("UpdateSchedule", "PUT", SCHEDULE),
    route("DeleteSchedule", "DELETE", SCHEDULE),
  ];
}

/** `AWS::Scheduler::Schedule`: what does not change keeps when it is due next. */
function scheduleProvider(world: World, timetable: Timetable): ResourceProvider {
  return {
    supported: MEMBERS,
    kept: { KmsKeyArn: "the local state is not encrypted" },
    put: async ({ properties, name }) => {
      const { KmsKeyArn: _kept, ...given } = properties;
      const schedule = readSchedule(world, { ...given, Name: properties["Name"] ?? name });
      await timetable.put(schedule);
      return { ref: String(schedule.shown["Name"]), attributes: { Arn: schedule.arn } };
    },
    remove: async ({ attributes }) => {
      await timetable.remove(String(attributes["Arn"]).split(":schedule/")[1] ?? "");
    },
  };
}
