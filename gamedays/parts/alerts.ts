import { SNSClient, SubscribeCommand, UnsubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, DeleteQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { Alert } from "@reliq/core/recovery";
import type { Scene } from "./scene.ts";

/** Hears what recovery tells people, by a queue of its own, while `work` runs; then that queue goes. */
export async function withAlerts<T>(
  { stage, system, run }: Scene,
  work: (readAlerts: () => Promise<readonly Alert[]>) => Promise<T>,
): Promise<T> {
  const sns = new SNSClient(stage.settings);
  const TopicArn = (await system.variables("redrive"))["ALERT_TOPIC_ARN"] ?? "";
  const arn = `${TopicArn.replace(":sns:", ":sqs:").slice(0, TopicArn.lastIndexOf(":"))}:${run}`;
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: arn,
        Condition: { ArnEquals: { "aws:SourceArn": TopicArn } },
      },
    ],
  });
  const { QueueUrl = "" } = await system.sqs.send(new CreateQueueCommand({ QueueName: run, Attributes: { Policy } }));
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: arn, Attributes: { RawMessageDelivery: "true" } }),
  );
  const heard: Alert[] = [];
  try {
    return await work(async () => {
      heard.push(...(await receiveAlerts(system, QueueUrl)));
      return heard;
    });
  } finally {
    await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    await system.sqs.send(new DeleteQueueCommand({ QueueUrl }));
  }
}

/** The topic hears alarms, too: only what has an incident is an alert. */
async function receiveAlerts({ sqs }: Scene["system"], QueueUrl: string): Promise<readonly Alert[]> {
  const alerts: Alert[] = [];
  for (;;) {
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 43_200 });
    const { Messages = [] } = await sqs.send(receive);
    if (Messages.length === 0) return alerts;
    const bodies = Messages.map(({ Body = "{}" }) => JSON.parse(Body) as Partial<Alert>);
    alerts.push(...bodies.filter((body): body is Alert => body.incident !== undefined));
  }
}
