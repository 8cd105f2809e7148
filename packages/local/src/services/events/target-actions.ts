import type { Action, Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import type { Timetable } from "../../schedules/timetable.ts";
import { invalid, requiredText } from "../scheduler/input.ts";
import { busNameOf } from "./bus.ts";
import { existingRule, keyOf, readRule, requestedRule, targetsOf } from "./rule.ts";

/** The most targets of a rule (EventBridge quotas). */
const MOST_TARGETS = 5;

/** PutTargets, RemoveTargets and ListTargetsByRule. */
export function targetActions(world: World, timetable: Timetable): Record<string, Action> {
  const change = async (input: Members, to: (targets: readonly Members[]) => readonly Members[]): Promise<Members> => {
    const bus = busNameOf(input);
    const name = requiredText(input, "Rule");
    await timetable.change(keyOf(bus, name), (known) => {
      const { schedule } = existingRule(known, name, bus);
      return readRule(world, { ...schedule.shown, Targets: to(targetsOf(schedule)) });
    });
    return { FailedEntryCount: 0, FailedEntries: [] };
  };
  return {
    PutTargets: (input) => {
      const given = readTargets(list(input, "Targets") as readonly Members[]);
      const ids = new Set(given.map((target) => target["Id"]));
      return change(input, (targets) => checkCount([...targets.filter((target) => !ids.has(target["Id"])), ...given]));
    },
    RemoveTargets: (input) => {
      const ids = new Set(list(input, "Ids"));
      return change(input, (targets) => targets.filter((target) => !ids.has(target["Id"])));
    },
    ListTargetsByRule: (input) => ({ Targets: targetsOf(requestedRule(timetable, input, "Rule").schedule) }),
  };
}

/** Checks what all targets of a rule have in common. @throws ValidationException or LimitExceededException */
export function readTargets(targets: readonly Members[]): readonly Members[] {
  const ids = targets.map((target) => requiredText(target, "Id"));
  const wrong = ids.find((id) => !/^[\w.-]{1,64}$/.test(id));
  if (wrong !== undefined)
    throw invalid(`The target's id ${JSON.stringify(wrong)} must be 1 to 64 letters, digits, and . - _`);
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) throw invalid(`The target's id ${repeated} is given twice.`);
  for (const target of targets) {
    const toFifo = String(target["Arn"]).startsWith("arn:aws:sqs:") && String(target["Arn"]).endsWith(".fifo");
    if (toFifo && !target["SqsParameters"]) {
      throw invalid(`Parameter(s) SqsParameters must be specified for target: ${target["Id"]}.`);
    }
  }
  return checkCount(targets);
}

function checkCount(targets: readonly Members[]): readonly Members[] {
  if (targets.length <= MOST_TARGETS) return targets;
  const message = "The requested resource exceeds the maximum number allowed.";
  throw new ServiceError("LimitExceededException", message);
}

function list(input: Members, name: string): readonly unknown[] {
  const value = input[name];
  if (Array.isArray(value) && value.length > 0) return value;
  throw invalid(`${name} must be a list of one or more.`);
}
