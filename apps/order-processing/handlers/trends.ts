import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { QUEUE_KEYS, queueNames } from "../domain/queues.ts";
import { toldAfter, trendAlerts, type Watched } from "../domain/trends.ts";
import { need } from "./environment.ts";
import { readDepths } from "./queue-depths.ts";
import { stockTrends } from "./stock-trends.ts";
import { whileActive } from "./while-active.ts";

const BACKLOG_LIMIT = 1_000;
const HOUR_SECONDS = 3_600;

const cloudwatch = new CloudWatchClient({});
const sns = new SNSClient({});
const trends = stockTrends(new DynamoDBClient({}), { stock: need("STOCK_TABLE"), trends: need("TREND_TABLE") });

/**
 * Looks where backlogs and stocks are going, and tells `system_health` of each that will reach its limit: a backlog within an hour, a stock
 * within a day. A run that is killed before it has written that down tells it once more.
 */
export const handler: () => Promise<{ readonly told: number }> = whileActive(lookAtTrends, () => ({ told: 0 }));

async function lookAtTrends(): Promise<{ readonly told: number }> {
  const nowMs = Date.now();
  const [depths, stocks] = await Promise.all([readDepths(cloudwatch, nowMs), trends.read(nowMs)]);
  const watched: readonly Watched[] = [
    ...QUEUE_KEYS.map((key, index): Watched => {
      const samples = depths[index] ?? [];
      const subject = `queue ${queueNames(key).queue}`;
      return { subject, kind: "backlog", samples, limit: BACKLOG_LIMIT, horizonSeconds: HOUR_SECONDS };
    }),
    ...stocks.products.map(({ productId, lowAt, samples }): Watched => {
      const subject = `product ${productId}`;
      return { subject, kind: "low-stock", samples, limit: lowAt, horizonSeconds: 24 * HOUR_SECONDS };
    }),
  ];
  const alerts = trendAlerts(watched, stocks.told);
  for (const alert of alerts) {
    const MessageAttributes = {
      severity: { DataType: "String", StringValue: alert.event === "trend" ? "warning" : "info" },
      status: { DataType: "String", StringValue: alert.event },
    };
    const Message = JSON.stringify(alert);
    await sns.send(new PublishCommand({ TopicArn: need("HEALTH_TOPIC"), Message, MessageAttributes }));
  }
  await trends.write(stocks, toldAfter(stocks.told, alerts));
  return { told: alerts.length };
}
