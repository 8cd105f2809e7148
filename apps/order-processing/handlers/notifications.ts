import { SESClient, SendEmailCommand } from "@aws-sdk/client-ses";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { lambdaHandler, portsFromEnvironment } from "@reliq/aws";
import { consumer, redacted } from "@reliq/core";
import { notificationSchema } from "../domain/messages.ts";
import { need } from "./environment.ts";

const email = new SESClient({});
const phone = new SNSClient({});
const source = need("SENDER");

const notifications = consumer({
  name: "notifications",
  schema: notificationSchema,
  idempotency: { key: ({ orderId, channel, subject }) => `${orderId}#${channel}#${subject}`, ttlSeconds: 7 * 86_400 },
  personalFields: redacted(["to", "text"]),
  async handle({ channel, to, subject, text }, { signal }) {
    if (channel === "sms") {
      await phone.send(new PublishCommand({ PhoneNumber: to, Message: `${subject}. ${text}` }), {
        abortSignal: signal,
      });
      return;
    }
    const Message = { Subject: { Data: subject }, Body: { Text: { Data: text } } };
    await email.send(new SendEmailCommand({ Source: source, Destination: { ToAddresses: [to] }, Message }), {
      abortSignal: signal,
    });
  },
});

/** Tells customers, by e-mail or text message. */
export const handler: ReturnType<typeof lambdaHandler> = lambdaHandler(notifications, portsFromEnvironment());
