import type { Members, World } from "../../../kernel/service.ts";
import { Timestamp } from "../../../kernel/timestamp.ts";
import { type Alarm, alarmArn } from "./alarm-store.ts";

/** An alarm as DescribeAlarms shows it. */
export function shownAlarm(world: World, alarm: Alarm): Members {
  const { configuredAtMs, ...definition } = alarm.definition;
  const { value, reason, reasonData, updatedAtMs } = alarm.state;
  return {
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    ...("MetricName" in definition && { Dimensions: [] }),
    ...definition,
    AlarmArn: alarmArn(world, alarm.name),
    AlarmConfigurationUpdatedTimestamp: new Timestamp(configuredAtMs),
    StateValue: value,
    StateReason: reason,
    ...(reasonData !== undefined && { StateReasonData: reasonData }),
    StateUpdatedTimestamp: new Timestamp(updatedAtMs),
    StateTransitionedTimestamp: new Timestamp(updatedAtMs),
  };
}
