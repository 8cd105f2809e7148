import type { Action, Members } from "../../../kernel/service.ts";
import { findAlarm } from "../alarms/alarm-store.ts";
import type { AlarmStateValue } from "../alarms/decide.ts";
import type { Cloudwatch } from "../cloudwatch.ts";
import { missing, notFound } from "../errors.ts";
import { optionalChoice, optionalText, requiredText } from "../input.ts";

const STATES: readonly AlarmStateValue[] = ["ALARM", "INSUFFICIENT_DATA", "OK"];

/** SetAlarmState: until the next evaluation, which brings the alarm back to what its data says. */
export function setAlarmState({ world, alarms }: Cloudwatch): Action {
  return async (input) => {
    const name = requiredText(input, "AlarmName");
    const value = requiredState(input);
    const reason = requiredText(input, "StateReason");
    const reasonData = optionalText(input, "StateReasonData");
    await world.store.transaction(() => {
      const alarm = findAlarm(world.store, name);
      if (!alarm) throw notFound("Alarm not found");
      alarms.change(alarm, { value, reason, reasonData, updatedAtMs: world.clock.now() });
    });
    await alarms.settle();
    return {};
  };
}

function requiredState(input: Members): AlarmStateValue {
  const value = optionalChoice(input, "StateValue", STATES);
  if (value === undefined) throw missing("StateValue");
  return value;
}
