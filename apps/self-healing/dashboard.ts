import { NAMES } from "./names.ts";

const { metrics, region } = NAMES;

/** The dashboard's body as CloudWatch takes it: the definition deploys it, and `cloudwatch-dashboard.json` is it, for import. */
export const DASHBOARD: string = `${JSON.stringify(
  {
    widgets: [
      panel("Messages Status", 0, [
        captured("auth", "Auth failures"),
        captured("bad-payload", "Bad payloads"),
        captured("validation", "Validation failures"),
        [metrics, "Processed", "Consumer", "orders", "Queue", NAMES.queue, { label: "Orders processed", stat: "Sum" }],
        [metrics, "Archived_Count", { label: "Archived", stat: "Sum" }],
        [
          metrics,
          "Auto_Healed_Count",
          "Category",
          "timeout",
          "Queue",
          NAMES.queue,
          { label: "Timeout healed", stat: "Sum" },
        ],
      ]),
      panel("Lambda Health", 6, [
        ...health(NAMES.healer, "Healer"),
        ...health(NAMES.consumer, "Consumer"),
        [metrics, "Consumer_Error_Rate", { label: "Consumer error rate, %", stat: "Average", yAxis: "right" }],
        [metrics, "Healing_Errors", { label: "Healing errors", stat: "Sum" }],
      ]),
      panel("Queue Depth", 12, [
        ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", NAMES.queue, { label: "Main", stat: "Maximum" }],
        [
          "AWS/SQS",
          "ApproximateNumberOfMessagesVisible",
          "QueueName",
          NAMES.deadLetterQueue,
          { label: "Dead letters", stat: "Maximum" },
        ],
        [metrics, "DLQ_Messages_Visible", "Queue", NAMES.queue, { label: "Dead letters and held", stat: "Maximum" }],
      ]),
    ],
  },
  undefined,
  2,
)}\n`;

type Row = readonly (string | object)[];

function panel(title: string, y: number, rows: readonly Row[]): object {
  return {
    type: "metric",
    x: 0,
    y,
    width: 24,
    height: 6,
    properties: { title, region, period: 60, view: "timeSeries", metrics: rows },
  };
}

function captured(category: string, label: string): Row {
  return [metrics, "Captured_Count", "Category", category, "Queue", NAMES.queue, { label, stat: "Sum" }];
}

function health(name: string, label: string): readonly Row[] {
  return [
    ["AWS/Lambda", "Invocations", "FunctionName", name, { label: `${label} invocations`, stat: "Sum" }],
    ["AWS/Lambda", "Errors", "FunctionName", name, { label: `${label} errors`, stat: "Sum" }],
    ["AWS/Lambda", "Duration", "FunctionName", name, { label: `${label} duration`, stat: "Average", yAxis: "right" }],
  ];
}
