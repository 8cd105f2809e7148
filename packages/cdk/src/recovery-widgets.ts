import { Duration } from "aws-cdk-lib";
import { GraphWidget, type IMetric, type IWidget, Metric, Row } from "aws-cdk-lib/aws-cloudwatch";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";

const PERIOD = Duration.minutes(5);

/** What became of failed messages, of all queues together: metric and label. */
const FATES = {
  Captured_Count: "Captured",
  Auto_Healed_Count: "Healed",
  Archived_Count: "Archived",
  Discarded_Count: "Given up by a person",
};

const SENT_AGAIN = {
  Requeued_Count: "Sent again, in all",
  Redriven_Count: "By a redrive",
  Replayed_Count: "By a replay",
  Resolved_Count: "Processed after it",
};

const TOLD = { Alerts_Count: "Alerts", Healing_Errors: "Healing errors" };

/** What is shown of a Recovery: one set of widgets for all of its queues, whose lines are added as they are attached. */
export interface RecoveryWidgets {
  readonly rows: readonly IWidget[];
  readonly add: (queue: IQueue, deadLetterQueue: IQueue) => void;
}

/** Defines what is shown of a Recovery: what waits by queue, what became of the rest, and whether recovery itself is well. */
export function recoveryWidgets(recovery: LambdaFunction, namespace: string): RecoveryWidgets {
  const counts = (names: Readonly<Record<string, string>>): IMetric[] =>
    Object.entries(names).map(
      ([metricName, label]) => new Metric({ namespace, metricName, label, period: PERIOD, statistic: "Sum" }),
    );
  const waiting = graph("Dead letters and held, by queue", 12, []);
  const held = graph("Held, by queue", 12, []);
  const oldest = graph("Oldest dead letter, by queue", 8, []);
  const rows = [
    new Row(waiting, held),
    new Row(graph("What became of failed messages", 12, counts(FATES)), graph("Sent again", 12, counts(SENT_AGAIN))),
    new Row(graph("Alerts and errors", 8, counts(TOLD)), health(recovery), oldest),
  ];
  const ofQueue = (metricName: string, { queueName }: IQueue): Metric =>
    new Metric({
      namespace,
      metricName,
      label: queueName,
      dimensionsMap: { Queue: queueName },
      period: PERIOD,
      statistic: "Maximum",
    });
  return {
    rows,
    add: (queue, deadLetterQueue) => {
      waiting.addLeftMetric(ofQueue("DLQ_Messages_Visible", queue));
      held.addLeftMetric(ofQueue("Held_Messages", queue));
      const label = deadLetterQueue.queueName;
      oldest.addLeftMetric(deadLetterQueue.metricApproximateAgeOfOldestMessage({ label, period: PERIOD }));
    },
  };
}

function health(recovery: LambdaFunction): GraphWidget {
  const widget = graph("Recovery's function", 8, [
    recovery.metricInvocations({ label: "Invocations", period: PERIOD }),
    recovery.metricErrors({ label: "Errors", period: PERIOD }),
  ]);
  widget.addRightMetric(recovery.metricDuration({ label: "Duration, ms", period: PERIOD }));
  return widget;
}

function graph(title: string, width: number, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, width, height: 6, left });
}
