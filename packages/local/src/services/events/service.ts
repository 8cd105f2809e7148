import type { Service, World } from "../../kernel/service.ts";
import { createTimetable } from "../../schedules/timetable.ts";
import { SCHEMA } from "./bus.ts";
import { busActions } from "./bus-actions.ts";
import { eventActions } from "./put-events.ts";
import { busProvider, ruleProvider } from "./resources.ts";
import { ruleActions } from "./rule-actions.ts";
import { createRuleMetrics } from "./rule-metrics.ts";
import { targetActions } from "./target-actions.ts";
import { testEventPattern } from "./test-event-pattern.ts";

const ONE_PAGE = "every one in one page";

/** Amazon EventBridge: buses, and rules with a schedule or an event pattern. */
export function eventsService(world: World): Service {
  world.store.define(SCHEMA);
  const count = createRuleMetrics(world);
  const timetable = createTimetable(world, { name: "events", source: "aws.events", arnAttribute: "RULE_ARN" }, count);
  return {
    name: "events",
    actions: {
      ...busActions(world, timetable),
      ...ruleActions(world, timetable),
      ...targetActions(world, timetable),
      ...eventActions(world, timetable, count),
      TestEventPattern: testEventPattern,
    },
    partly: {
      CreateEventBus: "no partner buses, encryption, dead-letter queue or logs of the bus; tags are not shown",
      ListEventBuses: ONE_PAGE,
      ListRuleNamesByTarget: ONE_PAGE,
      ListRules: ONE_PAGE,
      ListTargetsByRule: ONE_PAGE,
      PutEvents: "no global endpoints",
      PutRule: "tags are not shown; a role is shown, and access is not checked",
      PutTargets: "functions, queues, topics, log groups and buses",
      TestEventPattern: "numbers are compared by value: 300 and 3.0e2 are equal",
    },
    json: { targetPrefix: "AWSEvents", version: "1.1", errorNamespace: "com.amazonaws.events" },
    resources: {
      "AWS::Events::EventBus": busProvider(world, timetable),
      "AWS::Events::Rule": ruleProvider(world, timetable),
    },
    start: timetable.start,
    underWay: timetable.underWay,
    stop: timetable.stop,
  };
}
