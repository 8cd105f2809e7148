import type { Action } from "../../../kernel/service.ts";
import { putAlarm } from "../alarms/put.ts";
import type { Cloudwatch } from "../cloudwatch.ts";

/** PutMetricAlarm. */
export function putMetricAlarm(cloudwatch: Cloudwatch): Action {
  return async ({ AlarmRule: _notOfThisType, ...input }) => {
    await putAlarm(cloudwatch, input);
    return {};
  };
}
