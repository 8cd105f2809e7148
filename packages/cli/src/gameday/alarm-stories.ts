import {
  type CloudWatchClient,
  paginateDescribeAlarmHistory,
  paginateDescribeAlarms,
} from "@aws-sdk/client-cloudwatch";

/** What became of an alarm in a time. */
export interface AlarmStory {
  readonly name: string;
  /** The first word of its description, where that is one of these. */
  readonly severity: "critical" | "unsaid" | "warning";
  /** When it went into alarm, milliseconds. */
  readonly firedAtMs: readonly number[];
  /** Whether it is in alarm still. */
  readonly inAlarm: boolean;
}

/** The alarms of a deployment that fired in a time or are in alarm now, and how many alarms there are in all. */
export async function readAlarmStories(
  cloudwatch: CloudWatchClient,
  fromMs: number,
): Promise<{ readonly alarms: number; readonly stories: readonly AlarmStory[] }> {
  const fired = await readFired(cloudwatch, fromMs);
  const stories: AlarmStory[] = [];
  const types = ["MetricAlarm", "CompositeAlarm"] as const;
  for await (const page of paginateDescribeAlarms({ client: cloudwatch }, { AlarmTypes: [...types] })) {
    for (const { AlarmName: name = "", AlarmDescription, StateValue } of [
      ...(page.MetricAlarms ?? []),
      ...(page.CompositeAlarms ?? []),
    ]) {
      const severity = severityOf(AlarmDescription ?? "");
      stories.push({ name, severity, firedAtMs: fired.get(name) ?? [], inAlarm: StateValue === "ALARM" });
    }
  }
  return {
    alarms: stories.length,
    stories: stories.filter(({ firedAtMs, inAlarm }) => firedAtMs.length > 0 || inAlarm),
  };
}

async function readFired(cloudwatch: CloudWatchClient, fromMs: number): Promise<ReadonlyMap<string, number[]>> {
  const fired = new Map<string, number[]>();
  const pages = paginateDescribeAlarmHistory(
    { client: cloudwatch },
    { HistoryItemType: "StateUpdate", StartDate: new Date(fromMs), ScanBy: "TimestampAscending" },
  );
  for await (const page of pages) {
    for (const { AlarmName = "", Timestamp, HistorySummary = "" } of page.AlarmHistoryItems ?? []) {
      if (!HistorySummary.endsWith("to ALARM")) continue;
      fired.set(AlarmName, [...(fired.get(AlarmName) ?? []), Timestamp?.getTime() ?? 0]);
    }
  }
  return fired;
}

function severityOf(description: string): AlarmStory["severity"] {
  const [, word = "unsaid"] = /^\W*(critical|warning)\b/i.exec(description) ?? [];
  return word.toLowerCase() as AlarmStory["severity"];
}
