import type { ResourceProvider } from "../../kernel/resource.ts";
import type { Members, Service, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import { readExpression } from "../../schedules/next-time.ts";
import type { Schedule } from "../../schedules/schedule.ts";
import type { Entry } from "../../schedules/schedule-table.ts";
import { createTimetable, type Timetable } from "../../schedules/timetable.ts";
import { invalid, optionalText, requiredText } from "../scheduler/input.ts";
import { readTarget } from "../scheduler/read-target.ts";

const ONE_PAGE = "every one in one page";

/** Amazon EventBridge: rules with a schedule. */
export function eventsService(world: World): Service {
  const timetable = createTimetable(world, { name: "events", source: "aws.events", arnAttribute: "RULE_ARN" });
  return {
    name: "events",
    actions: {
      DescribeRule: (input) => describe(requested(timetable, input)),
      ListRules: (input) => {
        const prefix = optionalText(input, "NamePrefix") ?? "";
        const rules = timetable.all().filter(({ schedule: { name } }) => name.startsWith(prefix));
        return { Rules: rules.map(describe) };
      },
      ListTargetsByRule: (input) => ({
        Targets: requested(timetable, { Name: requiredText(input, "Rule") }).schedule.shown["Targets"],
      }),
    },
    partly: { DescribeRule: "rules of the default bus", ListRules: ONE_PAGE, ListTargetsByRule: ONE_PAGE },
    json: { targetPrefix: "AWSEvents", version: "1.1", errorNamespace: "com.amazonaws.events" },
    resources: { "AWS::Events::Rule": ruleProvider(world, timetable) },
    start: timetable.start,
    underWay: timetable.underWay,
    stop: timetable.stop,
  };
}

/** @throws ResourceNotFoundException */
function requested(timetable: Timetable, input: Members): Entry {
  const name = requiredText(input, "Name");
  const entry = timetable.find(name);
  if (entry) return entry;
  throw new ServiceError("ResourceNotFoundException", `Rule ${name} does not exist on EventBus default.`);
}

function describe({ schedule }: Entry): Members {
  const { Targets: _elsewhere, ...shown } = schedule.shown;
  return { ...shown, Arn: schedule.arn };
}

/** `AWS::Events::Rule` with a schedule; one with an event pattern is refused. */
function ruleProvider(world: World, timetable: Timetable): ResourceProvider {
  return {
    supported: ["Description", "Name", "ScheduleExpression", "State", "Tags", "Targets"],
    kept: { RoleArn: "permissions are not checked" },
    put: async ({ properties, name }) => {
      const schedule = readRule(world, { ...properties, Name: properties["Name"] ?? name });
      await timetable.put(schedule);
      return { ref: schedule.name, attributes: { Arn: schedule.arn } };
    },
    remove: async ({ ref }) => {
      await timetable.remove(ref);
    },
  };
}

/** Rules know rates and crons, in UTC (EventBridge user guide, Rules on a schedule). @throws ValidationException */
function readRule({ region, accountId }: World, properties: Members): Schedule {
  const name = requiredText(properties, "Name");
  const expression = requiredText(properties, "ScheduleExpression");
  const kind = readExpression(expression)?.kind;
  if (kind !== "rate" && kind !== "cron") throw invalid("Parameter ScheduleExpression is not valid.");
  const targets = [properties["Targets"] ?? []].flat() as Members[];
  const state = optionalText(properties, "State") ?? "ENABLED";
  const { Description, Targets } = properties;
  return {
    name,
    arn: `arn:aws:events:${region}:${accountId}:rule/${name}`,
    expression,
    timeZone: "UTC",
    enabled: state !== "DISABLED",
    windowMinutes: 0,
    deletedWhenOver: false,
    targets: targets.map((target) => readTarget(target, ["Id"])),
    shown: { Name: name, Description, EventBusName: "default", ScheduleExpression: expression, State: state, Targets },
  };
}
