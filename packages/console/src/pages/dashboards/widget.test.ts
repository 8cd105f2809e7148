import { expect, test } from "vitest";
import { queriesOf, type Widget, widgetsIn } from "./widget.ts";

function widget(properties: Widget["properties"]): Widget {
  return { type: "metric", width: 12, height: 6, properties };
}

test("a widget's lines are CloudWatch's queries: repeated parts, own statistics, and expressions over hidden lines", () => {
  const queries = queriesOf(
    widget({
      stat: "Sum",
      period: 60,
      metrics: [
        ["AWS/SQS", "NumberOfMessagesSent", "QueueName", "orders", { id: "sent", visible: false }],
        [".", "NumberOfMessagesDeleted", ".", ".", { label: "deleted", stat: "Maximum" }],
        ["...", "payments"],
        [{ expression: "sent / 60", label: "a second" }],
      ],
    }),
  );
  expect(queries).toMatchObject([
    { Id: "sent", ReturnData: false, MetricStat: { Stat: "Sum", Period: 60 } },
    {
      Id: "q1",
      Label: "deleted",
      MetricStat: {
        Stat: "Maximum",
        Metric: { MetricName: "NumberOfMessagesDeleted", Dimensions: [{ Name: "QueueName", Value: "orders" }] },
      },
    },
    { MetricStat: { Metric: { Dimensions: [{ Name: "QueueName", Value: "payments" }] } } },
    { Id: "q3", Label: "a second", Expression: "sent / 60" },
  ]);
});

test("a body that is no dashboard has no widgets", () => {
  expect([widgetsIn("{"), widgetsIn("{}")]).toEqual([[], []]);
});
