import { PutFunctionConcurrencyCommand } from "@aws-sdk/client-lambda";
import { afterEach, expect, test, vi } from "vitest";
import { PARTIAL } from "../../../../test/source-fixture.ts";
import { recordsOf, useStreamFixture, valuesOf } from "../../../../test/stream-fixture.ts";
import { testClock } from "../../../../test/test-clock.ts";

const clock = testClock();
const { fixture, consumer, started, ended, table, put, mapStream, queue, discarded } = useStreamFixture(clock);

afterEach(() => clock.setAhead(0));

const untilHandled = (values: readonly number[]): Promise<void> =>
  vi.waitFor(() => expect(valuesOf(ended()).flat()).toEqual(values), 15_000);
const putAll = async (values: readonly number[]): Promise<void> => {
  for (const value of values) await put("a", value);
};
const onFailure = (Destination: string) => ({ DestinationConfig: { OnFailure: { Destination } } });

// source: Lambda developer guide, "Configuring partial batch response with DynamoDB and Lambda": report syntax
test("goes on at the lowest record that the function reports, whatever else it reports", async () => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer("if (run === 1) return report(4, 3);") });
  await putAll([1, 2, 3, 4, 5]);
  await mapStream(arn, PARTIAL);
  await vi.waitFor(() => expect(ended()).toHaveLength(2), 10_000);
  expect(valuesOf(ended())).toEqual([
    [1, 2, 3, 4, 5],
    [3, 4, 5],
  ]);
});

// source: the same page, success and failure conditions
test.each([
  ["null", "null"],
  ["an empty object", "({})"],
  ["an empty list", "[]"],
  ["no failures", "({ batchItemFailures: [] })"],
  ["null failures", "({ batchItemFailures: null })"],
])("takes %s as full success", async (_, answer) => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer(`return ${answer};`) });
  await putAll([1, 2]);
  await mapStream(arn, { ...PARTIAL, BatchSize: 1 });
  await untilHandled([1, 2]);
});

// source: the same page, success and failure conditions
test.each([
  ["an empty identifier", '{ itemIdentifier: "" }'],
  ["a null identifier", "{ itemIdentifier: null }"],
  ["an identifier that the batch does not have", "{ itemIdentifier: 123 }"],
  ["another key", "{ foo: 123 }"],
])("takes %s as full failure", async (_, failure) => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer(`if (run === 1) return { batchItemFailures: [${failure}] };`) });
  await putAll([1, 2]);
  await mapStream(arn, PARTIAL);
  await vi.waitFor(
    () =>
      expect(valuesOf(ended())).toEqual([
        [1, 2],
        [1, 2],
      ]),
    10_000,
  );
});

// source: the same page: reports count only where FunctionResponseTypes says so
test("does not read the answer of a function that reports no failures", async () => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer("return report(1);") });
  await putAll([1, 2]);
  await mapStream(arn, { BatchSize: 1 });
  await untilHandled([1, 2]);
});

// source: Lambda developer guide, "Retain discarded records for a DynamoDB event source": splitting uses up no retry
test("halves a batch that fails until the poison record is alone, and delivers all others in order", async () => {
  const dead = await queue("dead");
  const arn = await table();
  await fixture().deploy({ consumer: consumer("if (values.includes(5)) throw new Error('poison');") });
  await putAll([1, 2, 3, 4, 5, 6, 7, 8]);
  await mapStream(arn, { BisectBatchOnFunctionError: true, MaximumRetryAttempts: 1, ...onFailure(dead.arn) });
  await untilHandled([1, 2, 3, 4, 6, 7, 8]);
  expect(valuesOf(started())).toEqual([
    [1, 2, 3, 4, 5, 6, 7, 8],
    [1, 2, 3, 4],
    [5, 6, 7, 8],
    [5, 6],
    [5],
    [5],
    [6],
    [7, 8],
  ]);
  const [told] = await discarded(dead.url, 1);
  expect(told).toMatchObject({ requestContext: { approximateInvokeCount: 2 }, DDBStreamBatchInfo: { batchSize: 1 } });
});

// source: partial batch responses with DynamoDB: bisecting a batch at the returned sequence number
test("splits at the reported record where the function reports, and halves where it settles nothing", async () => {
  const arn = await table();
  const work = "return values.includes(3) ? report(values.indexOf(3) > 0 ? 3 : values[0]) : undefined;";
  await fixture().deploy({ consumer: consumer(work) });
  await putAll([1, 2, 3, 4, 5]);
  await mapStream(arn, { ...PARTIAL, BisectBatchOnFunctionError: true, MaximumRetryAttempts: 0 });
  await vi.waitFor(() => expect(valuesOf(ended()).at(-1)).toEqual([5]), 10_000);
  expect(valuesOf(ended())).toEqual([[1, 2, 3, 4, 5], [3, 4, 5], [3, 4], [3], [4], [5]]);
});

// source: Lambda developer guide, retaining discarded records: example SQS destination message
test("tells the destination where the records are whose retries are used up, and goes on behind them", async () => {
  const dead = await queue("dead");
  const arn = await table();
  await fixture().deploy({ consumer: consumer("if (values.includes(1)) throw new Error('poison');") });
  await putAll([1, 2, 3, 4]);
  await mapStream(arn, { BatchSize: 2, MaximumRetryAttempts: 2, ...onFailure(dead.arn) });
  await untilHandled([3, 4]);
  expect(valuesOf(started())).toEqual([
    [1, 2],
    [1, 2],
    [1, 2],
    [3, 4],
  ]);
  const records = recordsOf(started());
  const second = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(await discarded(dead.url, 1)).toEqual([
    {
      requestContext: {
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        functionArn: "arn:aws:lambda:us-east-1:000000000000:function:consumer",
        condition: "RetryAttemptsExhausted",
        approximateInvokeCount: 3,
      },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      version: "1.0",
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      DDBStreamBatchInfo: {
        shardId: expect.stringMatching(/^shardId-/),
        startSequenceNumber: records[0]?.dynamodb.SequenceNumber,
        endSequenceNumber: records[1]?.dynamodb.SequenceNumber,
        approximateArrivalOfFirstRecord: second,
        approximateArrivalOfLastRecord: second,
        batchSize: 2,
        streamArn: arn,
      },
    },
  ]);
});

// source: partial batch responses with DynamoDB: the retry strategy holds for what is left; as recorded on AWS, it starts anew there
test("counts the retries of what a report leaves, and says that the function did answer", async () => {
  const dead = await queue("dead");
  const arn = await table();
  await fixture().deploy({ consumer: consumer("return report(3);") });
  await putAll([1, 2, 3]);
  await mapStream(arn, { ...PARTIAL, MaximumRetryAttempts: 3, ...onFailure(dead.arn) });
  const [told] = await discarded(dead.url, 1);
  expect(valuesOf(ended())).toEqual([[1, 2, 3], [3], [3], [3], [3]]);
  expect(told).toMatchObject({
    requestContext: { condition: "RetryAttemptsExhausted", approximateInvokeCount: 4 },
    responseContext: { functionError: null },
    DDBStreamBatchInfo: { batchSize: 1 },
  });
});

// source: Lambda API reference, CreateEventSourceMapping: MaximumRecordAgeInSeconds
test("discards records that are past their age without giving them to the function", async () => {
  const dead = await queue("dead");
  const arn = await table();
  await fixture().deploy({ consumer: consumer("") });
  await putAll([1, 2]);
  clock.setAhead(62_000);
  await put("a", 3);
  await mapStream(arn, { MaximumRecordAgeInSeconds: 60, ...onFailure(dead.arn) });
  await untilHandled([3]);
  const [told] = await discarded(dead.url, 1);
  expect(told).toMatchObject({
    requestContext: { condition: "RecordAgeExceeded", approximateInvokeCount: 0 },
    DDBStreamBatchInfo: { batchSize: 2 },
  });
  expect(told?.responseContext).toBeUndefined();
});

// source: Lambda developer guide, retaining discarded records: a batch that fails is retried until it is past its age
test("ends the retries of a batch when its records are past their age", async () => {
  const dead = await queue("dead");
  const arn = await table();
  await fixture().deploy({ consumer: consumer("if (values.includes(1)) throw new Error('poison');") });
  await put("a", 1);
  await mapStream(arn, { MaximumRecordAgeInSeconds: 60, ...onFailure(dead.arn) });
  await vi.waitFor(() => expect(started().length).toBeGreaterThan(1), 10_000);
  clock.setAhead(62_000);
  const [told] = await discarded(dead.url, 1);
  expect(told).toMatchObject({
    requestContext: { condition: "RecordAgeExceeded" },
    responseContext: { functionError: "Unhandled" },
  });
  await put("a", 2);
  await untilHandled([2]);
});

// source: Lambda developer guide, retaining discarded records: before invocation, throttling is retried until the records expire
test("does not count a throttled batch as an attempt", async () => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer("", { ReservedConcurrentExecutions: 0 }) });
  await put("a", 1);
  await mapStream(arn, { MaximumRetryAttempts: 0 });
  // Its waits grow with each try.
  const waits = () => clock.due().map((atMs) => atMs - clock.now());
  await vi.waitFor(() => expect(waits().some((ms) => ms > 500 && ms < 10_000)).toBe(true), 10_000);
  await fixture().lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: "consumer", ReservedConcurrentExecutions: 1 }),
  );
  await untilHandled([1]);
});

// source: the region's own promise: nothing is lost without a word
test("says which records are discarded where no destination is told", async () => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer("throw new Error('poison');") });
  await put("a", 1);
  await mapStream(arn, { MaximumRetryAttempts: 0 });
  await vi.waitFor(() => expect(fixture().reports.join()).toContain("RetryAttemptsExhausted"), 10_000);
  expect(fixture().reports.join()).toContain(recordsOf(started())[0]?.dynamodb.SequenceNumber);
});
