import type { Members } from "../../../kernel/service.ts";
import type { Cloudwatch } from "../cloudwatch.ts";
import { invalidCombination, invalidValue } from "../errors.ts";
import { optionalBoolean, optionalText, requiredText, structures, texts } from "../input.ts";
import { type Alarm, findAlarm, isComposite, writeAlarm } from "./alarm-store.ts";
import { readCompositeRule } from "./composite.ts";
import { readAlarmName, readMetricAlarm } from "./definition.ts";
import { evaluateAlarm } from "./evaluate.ts";
import { noteHistory } from "./history.ts";

/** The most actions of one state (PutMetricAlarm). */
const MOST_ACTIONS = 5;

/**
 * Makes an alarm, in the state INSUFFICIENT_DATA, or gives an existing one a new definition, in the state that it has; tags come only
 * with a new one, unless `tags` says otherwise.
 * @throws InvalidParameterValue and others for a definition that cannot be evaluated
 */
export async function putAlarm(cloudwatch: Cloudwatch, input: Members, tags?: Alarm["tags"]): Promise<string> {
  const { world, alarms } = cloudwatch;
  const name = readAlarmName(input);
  const composite = input["AlarmRule"] !== undefined;
  for (const member of ["OKActions", "AlarmActions", "InsufficientDataActions"]) checkActions(input, member);
  if (composite) readCompositeRule(input);
  else evaluateAlarm(world.store, readMetricAlarm(input), world.clock.now());
  const { Tags: _tags, ...members } = input;
  const actionsEnabled = optionalBoolean(input, "ActionsEnabled") ?? true;
  await world.store.transaction(() => {
    const known = findAlarm(world.store, name);
    if (known && isComposite(known) !== composite) {
      throw invalidCombination(`There is an alarm ${name} of the other type: delete it first.`);
    }
    const atMs = world.clock.now();
    const alarm: Alarm = {
      name,
      definition: { ...members, ActionsEnabled: actionsEnabled, configuredAtMs: atMs },
      state: known?.state ?? {
        value: "INSUFFICIENT_DATA",
        reason: "Unchecked: Initial alarm creation",
        updatedAtMs: atMs,
      },
      tags: tags ?? known?.tags ?? readTags(input),
    };
    writeAlarm(world.store, alarm);
    const summary = known ? `Alarm "${name}" updated` : `Alarm "${name}" created`;
    noteHistory(world, alarm, "ConfigurationUpdate", summary, {
      type: known ? "Update" : "Create",
      updatedAlarm: members,
    });
  });
  await alarms.settle();
  return name;
}

function checkActions(input: Members, member: string): void {
  const actions = texts(input, member);
  if (actions.length > MOST_ACTIONS) throw invalidValue(`${member} has at most ${MOST_ACTIONS} actions.`);
  const wrong = actions.find((each) => !each.startsWith("arn:"));
  if (wrong !== undefined) throw invalidValue(`Invalid arn syntax: ${wrong}`);
}

/** The tags of a request or a template, by key. */
export function readTags(input: Members): Record<string, string> {
  return Object.fromEntries(
    structures(input, "Tags").map((tag) => [requiredText(tag, "Key"), optionalText(tag, "Value") ?? ""]),
  );
}
