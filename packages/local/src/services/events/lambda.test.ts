import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fixture, startFixture } from "../../../test/lambda-fixture.ts";
import { eventIn, eventsClient } from "./fixture.ts";

/** Sends its event to a queue. */
const TELL = `
export const handler = async (event) => {
  await fetch(process.env.AWS_ENDPOINT_URL, {
    method: "POST",
    headers: { "x-amz-target": "AmazonSQS.SendMessage", "content-type": "application/x-amz-json-1.0" },
    body: JSON.stringify({ QueueUrl: "seen", MessageBody: JSON.stringify(event) }),
  });
};`;

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.deploy(
    { tell: { code: TELL } },
    {
      Queue: { Type: "AWS::SQS::Queue", Properties: { QueueName: "seen" } },
      Rule: {
        Type: "AWS::Events::Rule",
        Properties: {
          EventPattern: { source: ["shop"] },
          Targets: [{ Id: "t0", Arn: "arn:aws:lambda:us-east-1:000000000000:function:tell" }],
        },
      },
    },
  );
});
afterAll(() => fixture.close());

test("a function is invoked with the event", { timeout: 60_000 }, async () => {
  const { endpoint } = fixture.region;
  const Entries = [{ Source: "shop", DetailType: "Order", Detail: '{"n":1}' }];
  const answer = await eventsClient(endpoint).send(new PutEventsCommand({ Entries }));
  const input = { QueueUrl: `${endpoint}/000000000000/seen`, WaitTimeSeconds: 20 };
  const { Messages: [message] = [] } = await fixture.sqs.send(new ReceiveMessageCommand(input));
  expect(eventIn(message!)).toMatchObject({
    id: answer.Entries?.[0]?.EventId,
    "detail-type": "Order",
    detail: { n: 1 },
  });
});
