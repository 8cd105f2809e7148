import type { Action } from "../../../kernel/service.ts";
import { switchActions } from "../alarms/switch-actions.ts";
import type { Cloudwatch } from "../cloudwatch.ts";
import { texts } from "../input.ts";

/** EnableAlarmActions. */
export function enableAlarmActions({ world }: Cloudwatch): Action {
  return async (input) => {
    await switchActions(world, texts(input, "AlarmNames"), true);
    return {};
  };
}
