import {
  DeleteFunctionEventInvokeConfigCommand,
  GetFunctionEventInvokeConfigCommand,
  InvokeCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
} from "@aws-sdk/client-lambda";
import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Fixture, startFixture } from "../../../test/lambda-fixture.ts";
import { systemClock } from "../../kernel/clock.ts";

let fixture: Fixture;

beforeEach(async () => {
  fixture = await startFixture(systemClock(), { jumps: true });
});
afterEach(() => fixture.close());

const FAIL = "export const handler = async () => { throw new Error('no'); };";

async function send(payload: unknown = { a: 1 }): Promise<void> {
  const answer = await fixture.lambda.send(
    new InvokeCommand({ FunctionName: "work", InvocationType: "Event", Payload: JSON.stringify(payload) }),
  );
  expect(answer).toMatchObject({ StatusCode: 202 });
}

async function outcomes(): Promise<unknown[]> {
  const { Invocations } = await fixture.region.call("lambda", "ReliqListInvocations", { FunctionName: "work" });
  return (Invocations as { Outcome?: string }[]).map((each) => each.Outcome);
}

async function queue(name: string): Promise<{ url: string; arn: string }> {
  const { QueueUrl = "" } = await fixture.sqs.send(new CreateQueueCommand({ QueueName: name }));
  return { url: QueueUrl, arn: `arn:aws:sqs:us-east-1:000000000000:${name}` };
}

async function received(QueueUrl: string) {
  const { Messages = [] } = await fixture.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10, MessageAttributeNames: ["All"] }),
  );
  return Messages[0];
}

/** Goes through the waits of an event that fails each time. */
async function exhaust(attempts = 3): Promise<void> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    await vi.waitFor(async () => expect(await outcomes()).toEqual(Array(attempt).fill("error")), 10_000);
    await fixture.region.jump({ seconds: attempt * 60 });
  }
}

// source: Lambda developer guide, "Invoking a Lambda function asynchronously"
test("an event is answered at once and runs", async () => {
  await fixture.deploy({ work: { code: "export const handler = async () => 1;" } });
  await send();
  await vi.waitFor(async () => expect(await outcomes()).toEqual(["success"]), 10_000);
});

// source: Lambda developer guide, "Capturing records of Lambda asynchronous invocations"
test("an event that fails is tried three times, then its destination and its dead-letter queue hear of it", async () => {
  const failures = await queue("failures");
  const dead = await queue("dead");
  await fixture.deploy({ work: { code: FAIL, properties: { DeadLetterConfig: { TargetArn: dead.arn } } } });
  await fixture.lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: "work",
      DestinationConfig: { OnFailure: { Destination: failures.arn } },
    }),
  );
  await send();
  await exhaust();
  const record = await received(failures.url);
  expect(JSON.parse(record?.Body ?? "")).toMatchObject({
    version: "1.0",
    requestContext: {
      functionArn: "arn:aws:lambda:us-east-1:000000000000:function:work:$LATEST",
      condition: "RetriesExhausted",
      approximateInvokeCount: 3,
    },
    requestPayload: { a: 1 },
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    responsePayload: { errorType: "Error", errorMessage: "no" },
  });
  expect(await received(dead.url)).toMatchObject({
    Body: '{"a":1}',
    MessageAttributes: { ErrorCode: { StringValue: "200" }, ErrorMessage: { StringValue: "no" } },
  });
});

// source: Lambda developer guide, "Capturing records of Lambda asynchronous invocations"
test("an event that succeeds tells its destination", async () => {
  const successes = await queue("successes");
  await fixture.deploy({ work: { code: "export const handler = async () => ({ done: true });" } });
  await fixture.lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: "work",
      DestinationConfig: { OnSuccess: { Destination: successes.arn } },
    }),
  );
  await send();
  expect(JSON.parse((await received(successes.url))?.Body ?? "")).toMatchObject({
    requestContext: { condition: "Success", approximateInvokeCount: 1 },
    responsePayload: { done: true },
  });
});

// source: Lambda developer guide, "How Lambda handles errors and retries with asynchronous invocation"
test("an event waits for its next attempt across a restart", async () => {
  await fixture.deploy({ work: { code: FAIL } });
  await send();
  await vi.waitFor(async () => expect(await outcomes()).toEqual(["error"]), 10_000);
  await fixture.restart();
  await fixture.region.jump({ seconds: 60 });
  await vi.waitFor(async () => expect(await outcomes()).toEqual(["error", "error"]), 10_000);
});

// source: Lambda developer guide, "How Lambda handles errors and retries with asynchronous invocation"
test("a throttled event runs once concurrency is there", async () => {
  await fixture.deploy({
    work: { code: "export const handler = async () => 1;", properties: { ReservedConcurrentExecutions: 0 } },
  });
  await send();
  const reserve = new PutFunctionConcurrencyCommand({ FunctionName: "work", ReservedConcurrentExecutions: 1 });
  await fixture.lambda.send(reserve);
  await vi.waitFor(async () => {
    await fixture.region.jump({ seconds: 1 });
    expect(await outcomes()).toEqual(["success"]);
  }, 10_000);
});

// source: Lambda developer guide, "Capturing records of Lambda asynchronous invocations"
test("a destination that is not there is reported, and the event is over", async () => {
  await fixture.deploy({ work: { code: FAIL } });
  await fixture.lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: "work",
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: "arn:aws:sqs:us-east-1:000000000000:none" } },
    }),
  );
  await send();
  await vi.waitFor(() => expect(fixture.reports.join()).toContain("arn:aws:sqs:us-east-1:000000000000:none"), 10_000);
});

// source: Lambda API reference, GetFunctionEventInvokeConfig, DeleteFunctionEventInvokeConfig
test("the config of a template is shown, and can be removed", async () => {
  const config = {
    Type: "AWS::Lambda::EventInvokeConfig",
    Properties: { FunctionName: { Ref: "Functionwork" }, Qualifier: "$LATEST", MaximumRetryAttempts: 1 },
  };
  await fixture.deploy({ work: { code: FAIL } }, { Config: config });
  const named = { FunctionName: "work" };
  expect(await fixture.lambda.send(new GetFunctionEventInvokeConfigCommand(named))).toMatchObject({
    FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:work:$LATEST",
    MaximumRetryAttempts: 1,
  });
  await fixture.lambda.send(new DeleteFunctionEventInvokeConfigCommand(named));
  await expect(fixture.lambda.send(new GetFunctionEventInvokeConfigCommand(named))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

// source: Lambda API reference, PutFunctionEventInvokeConfig
test.each([
  [{ MaximumRetryAttempts: 3 }, "ValidationException"],
  [{ MaximumEventAgeInSeconds: 59 }, "ValidationException"],
  [
    { DestinationConfig: { OnFailure: { Destination: "arn:aws:sns:us-east-1:000000000000:t.fifo" } } },
    "InvalidParameterValueException",
  ],
])("a config of %j is refused", async (input, name) => {
  await fixture.deploy({ work: { code: FAIL } });
  const put = new PutFunctionEventInvokeConfigCommand({ FunctionName: "work", ...input });
  await expect(fixture.lambda.send(put)).rejects.toMatchObject({ name });
});
