import { rmSync } from "node:fs";
import {
  GetEventSourceMappingCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { describe, expect, test, vi } from "vitest";
import { bodies, numbered, useSourceFixture } from "../../../../test/source-fixture.ts";

const { fixture, consumer, started, ended, mostAtOnce, queue, send, map, depth, empty, invocations, notesPath } =
  useSourceFixture();

// source: Lambda developer guide, "Configuring scaling behavior for SQS event source mappings"; API reference, UpdateEventSourceMapping
describe("an event source", () => {
  test("uses up a receive where no concurrency is left, though the function never ran", async () => {
    const dead = await queue("dead");
    const { url, arn } = await queue("orders", {
      VisibilityTimeout: "1",
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 }),
    });
    await fixture().deploy({ consumer: consumer("", { ReservedConcurrentExecutions: 0 }) });
    await send(url, ["starved"]);
    await map(arn);
    await vi.waitFor(async () => expect(await depth(dead.url)).toMatchObject({ waiting: 1 }), 15_000);
    const { Messages = [] } = await fixture().sqs.send(new ReceiveMessageCommand({ QueueUrl: dead.url }));
    expect(await invocations(Messages[0]?.MessageId ?? "")).toMatchObject([{ Outcome: "throttled" }]);
    expect(started()).toEqual([]);
  });

  test("goes on with a throttled batch once concurrency is there, within the same receive", async () => {
    const { url, arn } = await queue("orders", { VisibilityTimeout: "20" });
    await fixture().deploy({ consumer: consumer("", { ReservedConcurrentExecutions: 0 }) });
    await send(url, ["late"]);
    await map(arn);
    await vi.waitFor(async () => expect(await depth(url)).toEqual({ waiting: 0, inFlight: 1 }));
    await fixture().lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: "consumer", ReservedConcurrentExecutions: 1 }),
    );
    await empty(url);
    expect(started()[0]?.records[0]?.attributes["ApproximateReceiveCount"]).toBe("1");
  });

  test("runs as many batches at once as its maximum concurrency says, and no more", async () => {
    const { url, arn } = await queue("orders", { VisibilityTimeout: "20" });
    await fixture().deploy({ consumer: consumer("await wait(200);", { Timeout: 10 }) });
    await send(url, numbered(20));
    await map(arn, { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 3 } });
    await empty(url);
    expect(mostAtOnce()).toBe(3);
  });

  test("takes a new maximum concurrency while it works", async () => {
    const { url, arn } = await queue("orders", { VisibilityTimeout: "20" });
    await fixture().deploy({ consumer: consumer("await wait(200);", { Timeout: 10 }) });
    const { UUID } = await map(arn, { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } });
    await send(url, numbered(10));
    await empty(url);
    expect(mostAtOnce()).toBe(2);
    rmSync(notesPath());
    await fixture().lambda.send(
      new UpdateEventSourceMappingCommand({ UUID, ScalingConfig: { MaximumConcurrency: 4 } }),
    );
    await send(url, numbered(20));
    await empty(url);
    expect(mostAtOnce()).toBe(4);
  });

  test("takes nothing while it is disabled, settles what it had taken, and goes on when it is enabled", async () => {
    const { url, arn } = await queue("orders", { VisibilityTimeout: "20" });
    await fixture().deploy({ consumer: consumer("await wait(300);", { Timeout: 10 }) });
    const { UUID } = await map(arn);
    await send(url, ["first"]);
    await vi.waitFor(() => expect(started()).toHaveLength(1), 10_000);
    await fixture().lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    await send(url, ["second"]);
    await vi.waitFor(async () => expect(await depth(url)).toEqual({ waiting: 1, inFlight: 0 }), 10_000);
    expect(bodies(ended())).toEqual(["first"]);
    expect(await fixture().lambda.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({
      State: "Disabled",
    });
    await fixture().lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
    await empty(url);
    expect(bodies(ended())).toEqual(["first", "second"]);
  });

  test("settles what it has taken before the region stops, and goes on after a restart", async () => {
    const { url, arn } = await queue("orders", { VisibilityTimeout: "20" });
    await fixture().deploy({ consumer: consumer("await wait(500);", { Timeout: 10 }) });
    await map(arn, { BatchSize: 1 });
    await send(url, ["before"]);
    await vi.waitFor(() => expect(started()).toHaveLength(1), 10_000);
    await fixture().restart();
    expect(bodies(ended())).toEqual(["before"]);
    await send(url, ["after"]);
    await empty(url);
    expect(bodies(ended())).toEqual(["before", "after"]);
  });

  test("waits for its function, and takes no message without it", async () => {
    const { url, arn } = await queue();
    await fixture().deploy({ consumer: consumer("") });
    await map(arn);
    await fixture().region.call("lambda", "DeleteFunction", { FunctionName: "consumer" });
    await fixture().restart();
    await send(url, ["kept"]);
    await vi.waitFor(() => expect(fixture().reports.join()).toContain("Function not found"));
    expect(await depth(url)).toEqual({ waiting: 1, inFlight: 0 });
  });
});
