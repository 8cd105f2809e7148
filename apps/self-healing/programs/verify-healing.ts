import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { dynamodbFailureStore } from "@reliq/aws";
import { failureId } from "@reliq/core/recovery";
import { NAMES } from "../names.ts";
import { readArguments } from "./arguments.ts";
import { judge, type Noted } from "./judge.ts";

const { client: settings, file, seconds } = readArguments(process.argv.slice(2), NAMES.region);
const sqs = new SQSClient(settings);
const store = dynamodbFailureStore(new DynamoDBClient(settings), NAMES.failedTable);
const noted = JSON.parse(readFileSync(file, "utf8")) as readonly Noted[];
const untilMs = Date.now() + seconds * 1_000;

for (;;) {
  // The queues first: what is in neither, and has no record, was processed.
  const waiting = (await Promise.all([NAMES.queue, NAMES.deadLetterQueue].map(depthOf))).reduce((a, b) => a + b);
  const failures = await store.failures(noted.map(({ messageId }) => failureId(NAMES.queue, messageId)));
  const open = noted.flatMap((each, index) => judge(each, failures[index], waiting === 0));
  if (open.length === 0) {
    console.log(`PASS: ${noted.length} messages, each where it is to end, with its reason.`);
    break;
  }
  if (Date.now() > untilMs) {
    console.log(`FAIL after ${seconds} s:\n${open.join("\n")}`);
    process.exitCode = 1;
    break;
  }
  console.log(`${noted.length - open.length} of ${noted.length} are where they are to end; ${waiting} in the queues.`);
  await wait(3_000);
}

async function depthOf(name: string): Promise<number> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
  const AttributeNames = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
  );
  return AttributeNames.reduce((sum, attribute) => sum + Number(Attributes[attribute] ?? 0), 0);
}
