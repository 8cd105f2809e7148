import {
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { expect, test, vi } from "vitest";
import { PARTIAL } from "../../../../test/source-fixture.ts";
import { useStreamFixture, valuesOf } from "../../../../test/stream-fixture.ts";

const { fixture, consumer, ended, table, put, map, mapStream, queue } = useStreamFixture();

const untilHandled = (values: readonly number[]): Promise<void> =>
  vi.waitFor(() => expect(valuesOf(ended()).flat()).toEqual(values), 15_000);

// source: Lambda API reference, CreateEventSourceMapping: response; defaults of Lambda parameters for DynamoDB
test("shows its settings, each with its default", async () => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer("") });
  expect(await mapStream(arn)).toMatchObject({
    BatchSize: 100,
    BisectBatchOnFunctionError: false,
    DestinationConfig: { OnFailure: {} },
    EventSourceArn: arn,
    FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:consumer",
    FunctionResponseTypes: [],
    LastProcessingResult: "No records processed",
    MaximumBatchingWindowInSeconds: 0,
    MaximumRecordAgeInSeconds: -1,
    MaximumRetryAttempts: -1,
    ParallelizationFactor: 1,
    StartingPosition: "TRIM_HORIZON",
    StateTransitionReason: "User action",
    TumblingWindowInSeconds: 0,
  });
});

// source: Lambda API reference, UpdateEventSourceMapping: what is left out stays as it is
test("takes new settings, and keeps those that an update leaves out", async () => {
  const dead = await queue("dead");
  const arn = await table();
  await fixture().deploy({ consumer: consumer("") });
  const settings = {
    BatchSize: 7,
    BisectBatchOnFunctionError: true,
    DestinationConfig: { OnFailure: { Destination: dead.arn } },
    MaximumBatchingWindowInSeconds: 2,
    MaximumRecordAgeInSeconds: 3_600,
    MaximumRetryAttempts: 5,
    ParallelizationFactor: 2,
    ...PARTIAL,
  };
  const { UUID } = await mapStream(arn, { Enabled: false });
  await fixture().lambda.send(new UpdateEventSourceMappingCommand({ UUID, ...settings }));
  await fixture().lambda.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 8 }));
  expect(await fixture().lambda.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({
    ...settings,
    BatchSize: 8,
    State: "Disabled",
  });
});

// source: Lambda API reference, CreateEventSourceMapping: limits; messages as Lambda gives them
test.each([
  ["without a starting position", { StartingPosition: undefined }, "InvalidParameterValueException", "Value null at"],
  [
    "at a time",
    { StartingPosition: "AT_TIMESTAMP" },
    "InvalidParameterValueException",
    "Unsupported starting position",
  ],
  ["a batch over 10,000", { BatchSize: 10_001 }, "ValidationException", "'10001' at 'batchSize'"],
  ["a window over 300 s", { MaximumBatchingWindowInSeconds: 301 }, "ValidationException", "'301' at"],
  ["more than 10,000 retries", { MaximumRetryAttempts: 10_001 }, "ValidationException", "'10001' at"],
  ["an age over 7 days", { MaximumRecordAgeInSeconds: 604_801 }, "ValidationException", "'604801' at"],
  ["an age under a minute", { MaximumRecordAgeInSeconds: 59 }, "InvalidParameterValueException", "-1 (forever) or"],
  ["a factor over 10", { ParallelizationFactor: 11 }, "ValidationException", "'11' at 'parallelizationFactor'"],
  ["a tumbling window", { TumblingWindowInSeconds: 30 }, "InvalidParameterValueException", "TumblingWindowInSeconds"],
  ["a filter", { FilterCriteria: { Filters: [] } }, "InvalidParameterValueException", "FilterCriteria"],
  ["a maximum concurrency", { ScalingConfig: {} }, "InvalidParameterValueException", "ScalingConfig"],
  [
    "a destination for successes",
    { DestinationConfig: { OnSuccess: {} } },
    "InvalidParameterValueException",
    "Unsupported DestinationConfig",
  ],
  [
    "a destination that is a FIFO queue",
    { DestinationConfig: { OnFailure: { Destination: "arn:aws:sqs:us-east-1:000000000000:dead.fifo" } } },
    "InvalidParameterValueException",
    "dead.fifo",
  ],
  [
    "a stream that is not there",
    { EventSourceArn: "arn:aws:dynamodb:us-east-1:000000000000:table/none/stream/2026-01-01T00:00:00.000" },
    "InvalidParameterValueException",
    "Stream not found: arn:aws:dynamodb",
  ],
] as const)("is refused: %s", async (_, more, name, message) => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer("") });
  await expect(map(arn, { StartingPosition: "TRIM_HORIZON", ...more } as never)).rejects.toMatchObject({
    name,
    message: expect.stringContaining(message),
  });
});

// source: Lambda API reference, CreateEventSourceMapping: ResourceConflictException
test("is refused a second time for one function and stream, and keeps its starting position", async () => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer("") });
  const { UUID } = await mapStream(arn);
  await expect(mapStream(arn)).rejects.toMatchObject({
    name: "ResourceConflictException",
    message: `The event source arn (" ${arn} ") and function (" consumer ") provided mapping already exists. Please update or delete the existing mapping with UUID ${UUID}`,
  });
  const moved = { UUID, StartingPosition: "LATEST" };
  await expect(fixture().region.call("lambda", "UpdateEventSourceMapping", moved)).rejects.toMatchObject({
    code: "InvalidParameterValueException",
  });
});

// source: Lambda API reference, DeleteEventSourceMapping: a mapping that is made anew begins anew
test("leaves no checkpoint when it is deleted", async () => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer("") });
  const { UUID } = await mapStream(arn);
  await put("a", 1);
  await untilHandled([1]);
  await fixture().lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
  await put("a", 2);
  await mapStream(arn);
  await untilHandled([1, 1, 2]);
});

// source: CloudFormation template reference, AWS::Lambda::EventSourceMapping
test("of a template is put to work on its table's stream, and put again goes on at its checkpoint", async () => {
  const dead = await queue("dead");
  const resources = (BatchSize: number) => ({
    Orders: {
      Type: "AWS::DynamoDB::Table",
      Properties: {
        TableName: "orders",
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        BillingMode: "PAY_PER_REQUEST",
        StreamSpecification: { StreamViewType: "NEW_IMAGE" },
      },
    },
    Mapping: {
      Type: "AWS::Lambda::EventSourceMapping",
      Properties: {
        EventSourceArn: { "Fn::GetAtt": ["Orders", "StreamArn"] },
        FunctionName: { Ref: "Functionconsumer" },
        StartingPosition: "TRIM_HORIZON",
        BatchSize,
        BisectBatchOnFunctionError: true,
        DestinationConfig: { OnFailure: { Destination: dead.arn } },
        MaximumRecordAgeInSeconds: 3_600,
        MaximumRetryAttempts: 3,
        ParallelizationFactor: 2,
        ...PARTIAL,
      },
    },
  });
  await fixture().deploy({ consumer: consumer("") }, resources(5));
  await put("a", 1);
  await untilHandled([1]);
  await fixture().deploy({ consumer: consumer("") }, resources(6));
  await put("a", 2);
  await untilHandled([1, 2]);
  const { EventSourceMappings } = await fixture().lambda.send(new ListEventSourceMappingsCommand({}));
  expect(EventSourceMappings).toMatchObject([
    { BatchSize: 6, BisectBatchOnFunctionError: true, ParallelizationFactor: 2, LastProcessingResult: "OK" },
  ]);
});

// source: the local region's rule: a property that is not carried out stops the deployment, by name
test.each(["FilterCriteria", "TumblingWindowInSeconds"])("of a template with %s stops the deployment", async (name) => {
  const arn = await table();
  const Properties = {
    EventSourceArn: arn,
    FunctionName: { Ref: "Functionconsumer" },
    StartingPosition: "LATEST",
    [name]: name === "FilterCriteria" ? { Filters: [] } : 30,
  };
  const mapping = { Mapping: { Type: "AWS::Lambda::EventSourceMapping", Properties } };
  await expect(fixture().deploy({ consumer: consumer("") }, mapping)).rejects.toThrow(name);
});
