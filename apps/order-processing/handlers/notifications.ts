import { SESClient, SendEmailCommand } from "@aws-sdk/client-ses";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { CLIENT_SETTINGS, lambdaHandler } from "@reliq/aws";
import { consumer, decrypted } from "@reliq/core";
import { notificationSchema } from "../domain/messages.ts";
import { type CustomerMessage, tellCustomer } from "../domain/tell-customer.ts";
import { need } from "./environment.ts";
import { fieldEncryption } from "./field-encryption.ts";
import { servicePorts } from "./service-ports.ts";

const email = new SESClient(CLIENT_SETTINGS);
const phone = new SNSClient(CLIENT_SETTINGS);
const source = need("SENDER");

const notifications = consumer({
  name: "notifications",
  schema: notificationSchema,
  idempotency: { key: ({ orderId, status }) => `${orderId}#${status}`, ttlSeconds: 7 * 86_400 },
  encryptedFields: decrypted(["email", "phone"], fieldEncryption()),
  async handle(notification, { signal }) {
    const message = tellCustomer(notification);
    if (!message) return;
    // Neither service takes a key: what was cut off in the middle may be sent, and would be sent again. Once the time is over, none is begun.
    signal.throwIfAborted();
    await send(message);
  },
});

async function send({ channel, to, subject, text }: CustomerMessage): Promise<void> {
  if (channel === "sms") {
    await phone.send(new PublishCommand({ PhoneNumber: to, Message: `${subject}. ${text}` }));
    return;
  }
  const Message = { Subject: { Data: subject }, Body: { Text: { Data: text } } };
  await email.send(new SendEmailCommand({ Source: source, Destination: { ToAddresses: [to] }, Message }));
}

/** Tells customers, by e-mail or text message. */
export const handler: ReturnType<typeof lambdaHandler> = lambdaHandler(notifications, servicePorts());
