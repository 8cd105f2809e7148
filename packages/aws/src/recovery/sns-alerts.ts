import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Alert, AlertChannel } from "@reliq/core/recovery";

/** The longest subject of a notification (SNS API reference, Publish). */
const LONGEST_SUBJECT = 99;

/** Alerts as notifications of a topic: words for e-mail, one line for SMS, JSON for everything else. */
export function snsAlerts(client: SNSClient, topicArn: string): AlertChannel {
  return {
    send: async (alert) => {
      const text = (value: string): { DataType: string; StringValue: string } => ({
        DataType: "String",
        StringValue: value,
      });
      await client.send(
        new PublishCommand({
          TopicArn: topicArn,
          Subject: subjectOf(alert),
          MessageStructure: "json",
          Message: JSON.stringify({
            default: JSON.stringify(alert),
            email: wordsOf(alert),
            sms: alert.title.slice(0, 140),
          }),
          MessageAttributes: {
            kind: text(alert.kind),
            queue: text(alert.queue),
            category: text(alert.category),
            severity: text(alert.severity),
          },
        }),
      );
    },
  };
}

/** Printable ASCII only, and no line break. */
function subjectOf({ severity, title }: Alert): string {
  return `[${severity}] ${title}`.replace(/[^\x20-\x7e]/g, "?").slice(0, LONGEST_SUBJECT);
}

function wordsOf(alert: Alert): string {
  const time = (ms: number): string => new Date(ms).toISOString();
  return [
    alert.title,
    "",
    `${alert.errorName}: ${alert.message}`,
    `Category ${alert.category}, severity ${alert.severity}.`,
    `${alert.count} since the last alert, ${alert.total} in all, first ${time(alert.firstSeenAtMs)}, last ${time(alert.lastSeenAtMs)}.`,
    "",
    `Look: reliq failures --group ${alert.group}`,
    ...alert.samples.map((sample) => `      reliq failures show ${sample}`),
  ].join("\n");
}
