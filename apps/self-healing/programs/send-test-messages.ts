import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { sendMessages } from "@reliq/aws";
import { testMessages } from "../domain/test-messages.ts";
import { NAMES } from "../names.ts";
import { readArguments } from "./arguments.ts";

const { client: settings, file } = readArguments(process.argv.slice(2), NAMES.region);
const client = new SQSClient(settings);
const { QueueUrl = "" } = await client.send(new GetQueueUrlCommand({ QueueName: NAMES.queue }));
const messages = testMessages(randomUUID().slice(0, 8));
const { sent, failed } = await sendMessages(
  client,
  QueueUrl,
  messages.map(({ message }) => message),
);
const noted = sent.map(({ index, messageId }) => ({ messageId, ...messages[index]?.expected }));
writeFileSync(file, JSON.stringify(noted, undefined, 2));
for (const { code, message } of failed) console.error(`Not sent: ${code}: ${message}`);
console.log(`Sent ${sent.length} of ${messages.length} messages to ${NAMES.queue}; ${file} says how each is to end.`);
process.exitCode = failed.length === 0 ? 0 : 1;
