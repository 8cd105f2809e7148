import { SESClient, SendEmailCommand } from "@aws-sdk/client-ses";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { lambdaHandler } from "@reliq/aws";
import { consumer, decrypted } from "@reliq/core";
import { notificationSchema } from "../domain/messages.ts";
import { type CustomerMessage, tellCustomer } from "../domain/tell-customer.ts";
import { need } from "./environment.ts";
import { fieldEncryption } from "./field-encryption.ts";
import { servicePorts } from "./service-ports.ts";

const email = new SESClient({});
const phone = new SNSClient({});
const source = need("SENDER");

const notifications = consumer({
  name: "notifications",
  schema: notificationSchema,
  idempotency: { key: ({ orderId, status }) => `${orderId}#${status}`, ttlSeconds: 7 * 86_400 },
  encryptedFields: decrypted(["email", "phone"], fieldEncryption()),
  async handle(notification, { signal }) {
    const message = tellCustomer(notification);
    if (message) await send(message, signal);
  },
});

async function send({ channel, to, subject, text }: CustomerMessage, abortSignal: AbortSignal): Promise<void> {
  if (channel === "sms") {
    await phone.send(new PublishCommand({ PhoneNumber: to, Message: `${subject}. ${text}` }), { abortSignal });
    return;
  }
  const Message = { Subject: { Data: subject }, Body: { Text: { Data: text } } };
  await email.send(new SendEmailCommand({ Source: source, Destination: { ToAddresses: [to] }, Message }), {
    abortSignal,
  });
}

/** Tells customers, by e-mail or text message. */
export const handler: ReturnType<typeof lambdaHandler> = lambdaHandler(notifications, servicePorts());
