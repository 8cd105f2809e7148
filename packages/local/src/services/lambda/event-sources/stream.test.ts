import { PutFunctionConcurrencyCommand, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { expect, test, vi } from "vitest";
import { recordsOf, useStreamFixture, valuesOf } from "../../../../test/stream-fixture.ts";
import { testClock } from "../../../../test/test-clock.ts";

const clock = testClock();
const { fixture, consumer, started, ended, mostAtOnce, notesPath, table, put, remove, mapStream } =
  useStreamFixture(clock);

const handled = (): number[] => valuesOf(ended()).flat();
const untilHandled = (values: readonly number[]): Promise<void> =>
  vi.waitFor(() => expect(handled()).toEqual(values), 15_000);

// source: Lambda developer guide, "Process DynamoDB records with Lambda": example event
test("gives records as Lambda does", async () => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer("") });
  await put("a", 1);
  await put("a", 2);
  await remove("a");
  await mapStream(arn);
  await vi.waitFor(() => expect(recordsOf(ended())).toHaveLength(3), 10_000);
  const image = (value: number) => ({ id: { S: "a" }, value: { N: String(value) } });
  const record = (eventName: string, images: object) => ({
    eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
    eventName,
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: "us-east-1",
    dynamodb: {
      ApproximateCreationDateTime: expect.any(Number),
      Keys: { id: { S: "a" } },
      ...images,
      SequenceNumber: expect.stringMatching(/^\d{21,40}$/),
      SizeBytes: expect.any(Number),
      StreamViewType: "NEW_AND_OLD_IMAGES",
    },
    eventSourceARN: arn,
  });
  expect(recordsOf(ended())).toEqual([
    record("INSERT", { NewImage: image(1) }),
    record("MODIFY", { NewImage: image(2), OldImage: image(1) }),
    record("REMOVE", { OldImage: image(2) }),
  ]);
});

// source: Lambda API reference, CreateEventSourceMapping: StartingPosition
test("begins with the oldest record at TRIM_HORIZON, and with the next one at LATEST", async () => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer(""), latecomer: consumer("") });
  await put("a", 1);
  await put("a", 2);
  await mapStream(arn);
  await untilHandled([1, 2]);
  await mapStream(arn, { FunctionName: "latecomer", StartingPosition: "LATEST" });
  await put("a", 3);
  await untilHandled([1, 2, 3, 3]);
});

// source: Lambda API reference, CreateEventSourceMapping: LATEST is a place in the stream, not each start of the poller
test("begins where LATEST was when the mapping was made, also after a restart", async () => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer("", { ReservedConcurrentExecutions: 0 }) });
  await put("a", 1);
  await mapStream(arn, { StartingPosition: "LATEST" });
  await put("a", 2);
  await fixture().restart();
  await put("a", 3);
  await fixture().lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: "consumer", ReservedConcurrentExecutions: 1 }),
  );
  await untilHandled([2, 3]);
});

// source: Lambda developer guide, "Using Lambda to process records from DynamoDB streams": polling and batching streams
test("gives up to the batch size, in order, one batch at a time", async () => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer("await wait(30);") });
  const values = Array.from({ length: 25 }, (_, index) => index);
  for (const value of values) await put(`item-${value % 5}`, value);
  await mapStream(arn, { BatchSize: 10 });
  await untilHandled(values);
  expect(valuesOf(ended()).map((batch) => batch.length)).toEqual([10, 10, 5]);
  expect(mostAtOnce()).toBe(1);
});

// source: Lambda developer guide, "How Lambda processes records from stream and queue-based event sources": batching behavior
test("gathers records until its window is over, and does not wait where the batch is full", async () => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer("") });
  const { UUID } = await mapStream(arn, { MaximumBatchingWindowInSeconds: 1 });
  for (const value of [1, 2, 3]) await put("a", value);
  await untilHandled([1, 2, 3]);
  expect(ended()).toHaveLength(1);
  await fixture().lambda.send(
    new UpdateEventSourceMappingCommand({ UUID, BatchSize: 2, MaximumBatchingWindowInSeconds: 300 }),
  );
  for (const value of [4, 5]) await put("a", value);
  await untilHandled([1, 2, 3, 4, 5]);
  expect(ended()).toHaveLength(2);
});

// source: Lambda developer guide, "Process DynamoDB records with Lambda": error handling; a failed batch blocks its shard
test("keeps the order of each item under failures: a batch is given again until it is handled, and none passes it", async () => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer("if (run % 3 !== 0) throw new Error('not yet');") });
  const values = Array.from({ length: 12 }, (_, index) => index);
  for (const value of values) await put(`item-${value % 3}`, value);
  await mapStream(arn, { BatchSize: 4 });
  await untilHandled(values);
  const batches = [values.slice(0, 4), values.slice(4, 8), values.slice(8)];
  expect(valuesOf(started())).toEqual(batches.flatMap((batch) => [batch, batch, batch]));
});

// source: Lambda API reference, UpdateEventSourceMapping: Enabled pauses polling and resumes from the same place
test("takes nothing while it is disabled, settles what it had taken, and goes on where it was", async () => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer("await wait(300);") });
  const { UUID } = await mapStream(arn);
  await put("a", 1);
  await vi.waitFor(() => expect(started()).toHaveLength(1), 10_000);
  await fixture().lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
  await put("a", 2);
  await untilHandled([1]);
  await fixture().lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
  await untilHandled([1, 2]);
  expect(valuesOf(started())).toEqual([[1], [2]]);
});

// source: Lambda developer guide, partial batch responses with DynamoDB: the checkpoint is the highest number of a settled batch
test("settles what it has taken before the region stops, and goes on at the checkpoint after a restart", async () => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer("await wait(400);") });
  await mapStream(arn, { BatchSize: 1 });
  await put("a", 1);
  await put("a", 2);
  await vi.waitFor(() => expect(started()).toHaveLength(1), 10_000);
  await fixture().restart();
  expect(handled()).toEqual([1]);
  await put("a", 3);
  await untilHandled([1, 2, 3]);
  expect(valuesOf(started())).toEqual([[1], [2], [3]]);
});

// source: Lambda developer guide, "Process DynamoDB records with Lambda": error handling; each event at least once
test("gives the batch again where the function's process is killed, and keeps the order", async () => {
  const arn = await table();
  const killed = JSON.stringify(`${notesPath()}-killed`);
  const work = `
    const { existsSync, writeFileSync } = await import("node:fs");
    if (values.includes(2) && !existsSync(${killed})) {
      writeFileSync(${killed}, "");
      process.kill(process.pid, "SIGKILL");
      await wait(900);
    }`;
  await fixture().deploy({ consumer: consumer(work) });
  for (const value of [1, 2, 3, 4]) await put("a", value);
  await mapStream(arn, { BatchSize: 2 });
  await untilHandled([1, 2, 3, 4]);
  expect(valuesOf(started())).toEqual([
    [1, 2],
    [1, 2],
    [3, 4],
  ]);
});

// source: Lambda developer guide, retaining discarded records: what cannot be invoked is tried again until records expire
test("waits for its function, and loses no record without it", async () => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer("") });
  await mapStream(arn);
  await fixture().region.call("lambda", "DeleteFunction", { FunctionName: "consumer" });
  await put("a", 1);
  await vi.waitFor(() => expect(fixture().reports.join()).toContain("Function not found"), 10_000);
  await fixture().deploy({ consumer: consumer("/* again */") });
  await untilHandled([1]);
});

// source: the region's own promise: under 2 % CPU while it is idle
test("sets no timer and looks at nothing while nothing is written", async () => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer("") });
  await mapStream(arn, { ParallelizationFactor: 10, MaximumBatchingWindowInSeconds: 1 });
  await put("a", 1);
  await untilHandled([1]);
  // Each full minute is the metrics' own.
  const soon = (): number[] => clock.due().filter((atMs) => atMs < clock.now() + 20_000 && atMs % 60_000 !== 0);
  await vi.waitFor(() => expect(soon()).toEqual([]), 10_000);
  await put("a", 2);
  await untilHandled([1, 2]);
});
