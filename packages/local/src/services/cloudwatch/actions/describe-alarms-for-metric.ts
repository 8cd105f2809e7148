import type { Action } from "../../../kernel/service.ts";
import { allAlarms, isComposite } from "../alarms/alarm-store.ts";
import { readMetricAlarm } from "../alarms/definition.ts";
import { shownAlarm } from "../alarms/shown.ts";
import type { Cloudwatch } from "../cloudwatch.ts";
import { optionalNumber, optionalText } from "../input.ts";
import { readMetric } from "../metrics/metric.ts";

/** DescribeAlarmsForMetric: the alarms on one metric, not those on expressions. */
export function describeAlarmsForMetric({ world }: Cloudwatch): Action {
  return (input) => {
    const metric = JSON.stringify(readMetric(input));
    const statistic = optionalText(input, "Statistic") ?? optionalText(input, "ExtendedStatistic");
    const period = optionalNumber(input, "Period");
    const found = allAlarms(world.store).filter((alarm) => {
      if (isComposite(alarm) || alarm.definition["Metrics"] !== undefined) return false;
      const { source } = readMetricAlarm(alarm.definition).watched;
      return (
        "stat" in source &&
        JSON.stringify(source.stat.metric) === metric &&
        (statistic === undefined || source.stat.stat === statistic) &&
        (period === undefined || source.stat.periodSeconds === period)
      );
    });
    return { MetricAlarms: found.map((alarm) => shownAlarm(world, alarm)) };
  };
}
