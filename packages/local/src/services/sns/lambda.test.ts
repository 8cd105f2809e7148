import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fixture, startFixture } from "../../../test/lambda-fixture.ts";
import { arnOf, clientsOf, newQueue, newTopic, publish, receive, subscribe } from "./fixture.ts";

const QUEUE = "seen";

/** Sends its event to a queue. */
const TELL = `
export const handler = async (event) => {
  await fetch(process.env.AWS_ENDPOINT_URL, {
    method: "POST",
    headers: { "x-amz-target": "AmazonSQS.SendMessage", "content-type": "application/x-amz-json-1.0" },
    body: JSON.stringify({ QueueUrl: "${QUEUE}", MessageBody: JSON.stringify(event) }),
  });
};`;

let fixture: Fixture;
let clients: ReturnType<typeof clientsOf>;
beforeAll(async () => {
  fixture = await startFixture();
  const queue = { Type: "AWS::SQS::Queue", Properties: { QueueName: QUEUE } };
  const failing = "export const handler = async () => { throw new Error('no'); };";
  await fixture.deploy({ tell: { code: TELL }, failing: { code: failing } }, { Queue: queue });
  clients = clientsOf(fixture.region.endpoint);
});
afterAll(() => fixture.close());

// Lambda developer guide, "Using AWS Lambda with Amazon SNS".
test("a function is invoked with the record of the message", { timeout: 60_000 }, async () => {
  const topic = await newTopic(clients);
  const arn = await subscribe(clients, topic, "lambda", arnOf("lambda", "function:tell"));
  const MessageAttributes = { colour: { DataType: "String", StringValue: "red" } };
  const MessageId = await publish(clients, topic, "hello", { MessageAttributes });
  const [seen] = await receive(clients, QUEUE);
  expect(JSON.parse(seen?.Body ?? "")).toEqual({
    Records: [
      {
        EventSource: "aws:sns",
        EventVersion: "1.0",
        EventSubscriptionArn: arn,
        Sns: {
          Type: "Notification",
          MessageId,
          TopicArn: topic,
          Subject: null,
          Message: "hello",
          Timestamp: expect.any(String),
          SignatureVersion: "1",
          Signature: expect.any(String),
          SigningCertUrl: expect.any(String),
          UnsubscribeUrl: expect.any(String),
          MessageAttributes: { colour: { Type: "String", Value: "red" } },
        },
      },
    ],
  });
});

// Developer guide, "Dead-letter queues": a function that is gone is a client's error, and is not tried again.
test("what a function cannot get goes to the subscription's dead-letter queue", async () => {
  const topic = await newTopic(clients);
  const dead = await newQueue(clients);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf("sqs", dead) });
  await subscribe(clients, topic, "lambda", arnOf("lambda", "function:gone"), { RedrivePolicy });
  await publish(clients, topic, "hello");
  const [letter] = await receive(clients, dead);
  expect(JSON.parse(letter?.Body ?? "")).toMatchObject({ Type: "Notification", Message: "hello" });
});

// Lambda developer guide, "Capturing records of Lambda asynchronous invocations": destinations and dead-letter queues may be topics.
test("the records of a function's failures go to topics", { timeout: 60_000 }, async () => {
  const topic = await newTopic(clients);
  const queue = await newQueue(clients);
  await subscribe(clients, topic, "sqs", arnOf("sqs", queue), { RawMessageDelivery: "true" });
  const OnFailure = { Destination: topic };
  const config = { FunctionName: "failing", MaximumRetryAttempts: 0, DestinationConfig: { OnFailure } };
  await fixture.region.call("lambda", "PutFunctionEventInvokeConfig", config);
  const DeadLetterConfig = { TargetArn: topic };
  await fixture.region.call("lambda", "UpdateFunctionConfiguration", { FunctionName: "failing", DeadLetterConfig });
  await fixture.region.call("lambda", "Invoke", { FunctionName: "failing", InvocationType: "Event", Payload: "5" });
  const told = await receive(clients, queue, 2);
  expect(told.map(({ Body }) => JSON.parse(Body ?? ""))).toContainEqual(
    expect.objectContaining({ requestPayload: 5, responsePayload: expect.objectContaining({ errorMessage: "no" }) }),
  );
  expect(told.find(({ Body }) => Body === "5")?.MessageAttributes).toMatchObject({
    ErrorMessage: { StringValue: "no" },
  });
});
