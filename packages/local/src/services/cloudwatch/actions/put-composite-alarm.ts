import type { Action } from "../../../kernel/service.ts";
import { putAlarm } from "../alarms/put.ts";
import type { Cloudwatch } from "../cloudwatch.ts";
import { requiredText } from "../input.ts";

/** PutCompositeAlarm. */
export function putCompositeAlarm(cloudwatch: Cloudwatch): Action {
  return async (input) => {
    requiredText(input, "AlarmRule");
    await putAlarm(cloudwatch, input);
    return {};
  };
}
