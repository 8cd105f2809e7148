import type { Action } from "../../../kernel/service.ts";
import { Timestamp } from "../../../kernel/timestamp.ts";
import { HISTORY_TYPES, readHistory } from "../alarms/history.ts";
import type { Cloudwatch } from "../cloudwatch.ts";
import { integerWithin, optionalChoice, optionalText, optionalTime, texts } from "../input.ts";
import { pageOf } from "../paging.ts";

/** The lines of one answer (DescribeAlarmHistory). */
const LARGEST_PAGE = 100;

/** DescribeAlarmHistory, the newest first; deleted alarms keep theirs. */
export function describeAlarmHistory({ world }: Cloudwatch): Action {
  return (input) => {
    const name = optionalText(input, "AlarmName");
    const type = optionalChoice(input, "HistoryItemType", HISTORY_TYPES);
    const types = texts(input, "AlarmTypes");
    const untilMs = optionalTime(input, "EndDate") ?? Number.MAX_SAFE_INTEGER;
    const found = readHistory(world.store, optionalTime(input, "StartDate") ?? 0, untilMs).filter(
      (item) =>
        (name === undefined || item.alarmName === name) &&
        (type === undefined || item.type === type) &&
        (types.length === 0 || types.includes(item.alarmType)),
    );
    const oldestFirst = optionalText(input, "ScanBy") === "TimestampAscending";
    const ordered = oldestFirst ? found.toReversed() : found;
    const page = pageOf(ordered, input, integerWithin(input, "MaxRecords", 1, LARGEST_PAGE) ?? LARGEST_PAGE);
    const items = page.items.map(({ alarmName, alarmType, at, type: kind, summary, data }) => ({
      AlarmName: alarmName,
      AlarmType: alarmType,
      Timestamp: new Timestamp(at),
      HistoryItemType: kind,
      HistorySummary: summary,
      HistoryData: data,
    }));
    return { AlarmHistoryItems: items, ...page.next };
  };
}
