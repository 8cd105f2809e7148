import {
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
} from "@aws-sdk/client-lambda";
import { SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { describe, expect, test } from "vitest";
import { bodies, numbered, PARTIAL, useSourceFixture } from "../../../../test/source-fixture.ts";

const { fixture, consumer, ended, queue, send, map, empty } = useSourceFixture();

// source: Lambda API reference, CreateEventSourceMapping, GetEventSourceMapping, ListEventSourceMappings, DeleteEventSourceMapping
describe("a mapping", () => {
  test("is created, shown, listed and deleted", async () => {
    const { arn } = await queue();
    await fixture().deploy({ consumer: consumer("") });
    const { UUID } = await map(arn, { ...PARTIAL, BatchSize: 5, Enabled: false });
    expect(await fixture().lambda.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({
      BatchSize: 5,
      EventSourceArn: arn,
      FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:consumer",
      State: "Disabled",
      ...PARTIAL,
    });
    const list = () => fixture().lambda.send(new ListEventSourceMappingsCommand({ FunctionName: "consumer" }));
    expect((await list()).EventSourceMappings).toMatchObject([{ UUID }]);
    await fixture().lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
    expect((await list()).EventSourceMappings).toEqual([]);
    await expect(fixture().lambda.send(new GetEventSourceMappingCommand({ UUID }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  test.each([
    ["a batch over 10,000", { BatchSize: 10_001 }, "ValidationException", "'10001' at 'batchSize'"],
    ["a batch over 10 without a window", { BatchSize: 11 }, "InvalidParameterValueException", "greater than 0"],
    ["a window over 300 s", { MaximumBatchingWindowInSeconds: 301 }, "ValidationException", "'301' at"],
    ["a maximum concurrency of 1", { ScalingConfig: { MaximumConcurrency: 1 } }, "ValidationException", "'1' at"],
    [
      "another response type",
      { FunctionResponseTypes: ["All" as never] },
      "ValidationException",
      "ReportBatchItemFailures",
    ],
    ["a filter", { FilterCriteria: { Filters: [] } }, "InvalidParameterValueException", "FilterCriteria"],
    [
      "a queue that is not there",
      { EventSourceArn: "arn:aws:sqs:us-east-1:000000000000:none" },
      "InvalidParameterValueException",
      "does not exist",
    ],
    [
      "a source of another kind",
      { EventSourceArn: "arn:aws:kinesis:us-east-1:000000000000:stream/s" },
      "InvalidParameterValueException",
      "kinesis",
    ],
    ["a function that is not there", { FunctionName: "none" }, "ResourceNotFoundException", "none"],
  ])("with %s is refused", async (_, more, name, message) => {
    const { arn } = await queue();
    await fixture().deploy({ consumer: consumer("") });
    await expect(map(arn, more)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  });

  test.each([
    ["a batch over 10", { BatchSize: 11, MaximumBatchingWindowInSeconds: 1 }],
    ["a window", { MaximumBatchingWindowInSeconds: 1 }],
  ])("of a FIFO queue with %s is refused", async (_, more) => {
    const { arn } = await queue("orders.fifo", { FifoQueue: "true" });
    await fixture().deploy({ consumer: consumer("") });
    await expect(map(arn, more)).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  });

  test("is refused where messages would be visible again while the function runs", async () => {
    const { url, arn } = await queue("orders", { VisibilityTimeout: "5" });
    await fixture().deploy({ consumer: consumer("", { Timeout: 6 }) });
    const message = "Queue visibility timeout: 5 seconds is less than Function timeout: 6 seconds";
    await expect(map(arn)).rejects.toMatchObject({ name: "InvalidParameterValueException", message });
    await fixture().sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { VisibilityTimeout: "6" } }));
    expect(await map(arn)).toMatchObject({ State: "Enabled" });
  });

  test("is refused a second time for one function and queue", async () => {
    const { arn } = await queue();
    await fixture().deploy({ consumer: consumer("") });
    await map(arn);
    await expect(map(arn)).rejects.toMatchObject({ name: "ResourceConflictException" });
  });

  test("of a template is put to work, and put again changes nothing", async () => {
    const { url, arn } = await queue();
    const mapping = {
      Type: "AWS::Lambda::EventSourceMapping",
      Properties: { EventSourceArn: arn, FunctionName: { Ref: "Functionconsumer" }, BatchSize: 2 },
    };
    await fixture().deploy({ consumer: consumer("") }, { Mapping: mapping });
    await fixture().deploy({ consumer: consumer("") }, { Mapping: mapping });
    await send(url, numbered(4));
    await empty(url);
    expect(bodies(ended()).sort()).toEqual(numbered(4));
    const { EventSourceMappings } = await fixture().lambda.send(new ListEventSourceMappingsCommand({}));
    expect(EventSourceMappings).toMatchObject([{ BatchSize: 2 }]);
  });

  test("of a template that gets another queue leaves the one it had", async () => {
    const [first, second] = [await queue("first"), await queue("second")];
    const mappingOf = (arn: string) => ({
      Mapping: {
        Type: "AWS::Lambda::EventSourceMapping",
        Properties: { EventSourceArn: arn, FunctionName: { Ref: "Functionconsumer" } },
      },
    });
    await fixture().deploy({ consumer: consumer("") }, mappingOf(first.arn));
    await fixture().deploy({ consumer: consumer("") }, mappingOf(second.arn));
    const { EventSourceMappings } = await fixture().lambda.send(new ListEventSourceMappingsCommand({}));
    expect(EventSourceMappings).toMatchObject([{ EventSourceArn: second.arn }]);
    await send(first.url, ["left"]);
    await send(second.url, ["taken"]);
    await empty(second.url);
    expect(bodies(ended())).toEqual(["taken"]);
  });
});
