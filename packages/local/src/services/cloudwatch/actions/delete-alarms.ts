import type { Action } from "../../../kernel/service.ts";
import { findAlarm, removeAlarm } from "../alarms/alarm-store.ts";
import { noteHistory } from "../alarms/history.ts";
import type { Cloudwatch } from "../cloudwatch.ts";
import { texts } from "../input.ts";

/** DeleteAlarms: a name without an alarm is passed over. */
export function deleteAlarms({ world, alarms }: Cloudwatch): Action {
  return async (input) => {
    const names = texts(input, "AlarmNames");
    await world.store.transaction(() => {
      for (const name of names) {
        const alarm = findAlarm(world.store, name);
        if (!alarm) continue;
        noteHistory(world, alarm, "ConfigurationUpdate", `Alarm "${name}" deleted`, { type: "Delete" });
        removeAlarm(world.store, name);
      }
    });
    await alarms.settle();
    return {};
  };
}
