import type { Action } from "../../../kernel/service.ts";
import { switchActions } from "../alarms/switch-actions.ts";
import type { Cloudwatch } from "../cloudwatch.ts";
import { texts } from "../input.ts";

/** DisableAlarmActions. */
export function disableAlarmActions({ world }: Cloudwatch): Action {
  return async (input) => {
    await switchActions(world, texts(input, "AlarmNames"), false);
    return {};
  };
}
