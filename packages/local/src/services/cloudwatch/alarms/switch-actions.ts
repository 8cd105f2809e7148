import type { World } from "../../../kernel/service.ts";
import { findAlarm, writeAlarm } from "./alarm-store.ts";

/** Switches the actions of alarms on or off; a name without an alarm is passed over. */
export function switchActions({ store, clock }: World, names: readonly string[], enabled: boolean): Promise<void> {
  return store.transaction(() => {
    for (const name of names) {
      const alarm = findAlarm(store, name);
      if (!alarm) continue;
      const definition = { ...alarm.definition, ActionsEnabled: enabled, configuredAtMs: clock.now() };
      writeAlarm(store, { ...alarm, definition });
    }
  });
}
