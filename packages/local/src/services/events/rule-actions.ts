import type { Action, Members, World } from "../../kernel/service.ts";
import type { Entry } from "../../schedules/schedule-table.ts";
import type { Timetable } from "../../schedules/timetable.ts";
import { invalid, optionalText, refuseOthers, requiredText } from "../scheduler/input.ts";
import { busNameOf, existingBus } from "./bus.ts";
import { existingRule, keyOf, readRule, requestedRule, targetsOf } from "./rule.ts";

/** What a rule is made of, besides its targets. */
const MEMBERS = ["Description", "EventBusName", "EventPattern", "Name", "RoleArn", "ScheduleExpression", "State"];

/** PutRule, DescribeRule, ListRules, EnableRule, DisableRule, DeleteRule and ListRuleNamesByTarget. */
export function ruleActions(world: World, timetable: Timetable): Record<string, Action> {
  const rulesOf = (input: Members): Entry[] => {
    const { name: bus } = existingBus(world.store, busNameOf(input));
    return timetable.all().filter(({ schedule: { shown } }) => shown["EventBusName"] === bus);
  };
  return {
    PutRule: async (input) => {
      refuseOthers(input, [...MEMBERS, "Tags"], "a rule");
      const { Tags: _kept, ...shown } = input;
      const { name: bus } = existingBus(world.store, busNameOf(input));
      const { schedule } = await timetable.change(keyOf(bus, requiredText(input, "Name")), (known) =>
        readRule(world, { ...shown, Targets: known ? targetsOf(known.schedule) : [] }),
      );
      return { RuleArn: schedule.arn };
    },
    DescribeRule: (input) => describe(requestedRule(timetable, input)),
    ListRules: (input) => {
      const prefix = optionalText(input, "NamePrefix") ?? "";
      const rules = rulesOf(input).filter(({ schedule: { shown } }) => String(shown["Name"]).startsWith(prefix));
      return { Rules: rules.map(describe) };
    },
    ListRuleNamesByTarget: (input) => {
      const arn = requiredText(input, "TargetArn");
      const rules = rulesOf(input).filter(({ schedule }) => schedule.targets.some((target) => target.arn === arn));
      return { RuleNames: rules.map(({ schedule }) => schedule.shown["Name"]) };
    },
    EnableRule: (input) => setState(world, timetable, input, "ENABLED"),
    DisableRule: (input) => setState(world, timetable, input, "DISABLED"),
    DeleteRule: async (input) => {
      const { name: bus } = existingBus(world.store, busNameOf(input));
      const key = keyOf(bus, requiredText(input, "Name"));
      const known = timetable.find(key);
      if (known && targetsOf(known.schedule).length > 0) throw invalid("Rule can't be deleted since it has targets.");
      await timetable.remove(key);
      return {};
    },
  };
}

async function setState(world: World, timetable: Timetable, input: Members, State: string): Promise<Members> {
  const bus = busNameOf(input);
  const name = requiredText(input, "Name");
  await timetable.change(keyOf(bus, name), (known) =>
    readRule(world, { ...existingRule(known, name, bus).schedule.shown, State }),
  );
  return {};
}

function describe({ schedule }: Entry): Members {
  const { Targets: _elsewhere, ...shown } = schedule.shown;
  return { ...shown, Arn: schedule.arn };
}
