import type { Action, Members } from "../../../kernel/service.ts";
import { type Alarm, allAlarms, isComposite } from "../alarms/alarm-store.ts";
import { alarmsIn, readCompositeRule } from "../alarms/composite.ts";
import { shownAlarm } from "../alarms/shown.ts";
import type { Cloudwatch } from "../cloudwatch.ts";
import { integerWithin, optionalText, texts } from "../input.ts";
import { pageOf } from "../paging.ts";

/** The alarms of one answer, at most and by default (DescribeAlarms). */
const LARGEST_PAGE = 100;
const DEFAULT_PAGE = 50;

/** DescribeAlarms: metric alarms, and the composite ones where they are asked for. */
export function describeAlarms({ world }: Cloudwatch): Action {
  return (input) => {
    const all = allAlarms(world.store);
    const fits = [byName(input), byType(input), byState(input), byAction(input), byKinship(input, all)];
    const found = all.filter((alarm) => fits.every((each) => each(alarm)));
    const page = pageOf(found, input, integerWithin(input, "MaxRecords", 1, LARGEST_PAGE) ?? DEFAULT_PAGE);
    const show = (composite: boolean): Members[] =>
      page.items.filter((alarm) => isComposite(alarm) === composite).map((alarm) => shownAlarm(world, alarm));
    return { MetricAlarms: show(false), CompositeAlarms: show(true), ...page.next };
  };
}

type Filter = (alarm: Alarm) => boolean;

function byName(input: Members): Filter {
  const names = texts(input, "AlarmNames");
  const prefix = optionalText(input, "AlarmNamePrefix") ?? "";
  return ({ name }) => (names.length === 0 || names.includes(name)) && name.startsWith(prefix);
}

function byType(input: Members): Filter {
  const types = texts(input, "AlarmTypes");
  // Whoever names alarms gets them of either type only where the types say so, as with AWS.
  return (alarm) =>
    types.length === 0 ? !isComposite(alarm) : types.includes(isComposite(alarm) ? "CompositeAlarm" : "MetricAlarm");
}

function byState(input: Members): Filter {
  const value = optionalText(input, "StateValue");
  return ({ state }) => value === undefined || state.value === value;
}

function byAction(input: Members): Filter {
  const prefix = optionalText(input, "ActionPrefix");
  return ({ definition }) =>
    prefix === undefined ||
    ["OKActions", "AlarmActions", "InsufficientDataActions"].some((member) =>
      texts(definition, member).some((each) => each.startsWith(prefix)),
    );
}

function byKinship(input: Members, all: readonly Alarm[]): Filter {
  const parent = optionalText(input, "ChildrenOfAlarmName");
  const child = optionalText(input, "ParentsOfAlarmName");
  const childrenOf = (alarm: Alarm | undefined): readonly string[] =>
    alarm && isComposite(alarm) ? alarmsIn(readCompositeRule(alarm.definition)) : [];
  const children = childrenOf(all.find(({ name }) => name === parent));
  return (alarm) =>
    (parent === undefined || children.includes(alarm.name)) &&
    (child === undefined || childrenOf(alarm).includes(child));
}
