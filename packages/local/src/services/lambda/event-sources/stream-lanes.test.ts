import { UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { expect, test, vi } from "vitest";
import { recordsOf, useStreamFixture, valuesOf } from "../../../../test/stream-fixture.ts";
import { laneOf } from "./stream-batch.ts";

const { fixture, consumer, started, ended, mostAtOnce, table, put, mapStream } = useStreamFixture();

const handled = (): number[] => valuesOf(ended()).flat();
const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** The values of each item, as the function got them first. */
function firstOfEachItem(): number[][] {
  const byItem = new Map<string, Set<number>>();
  for (const record of recordsOf(started())) {
    const id = record.dynamodb.Keys.id.S;
    byItem.set(id, (byItem.get(id) ?? new Set()).add(Number(record.dynamodb.NewImage?.value.N)));
  }
  return [...byItem.values()].map((values) => [...values]);
}

/** Names of items that are in different lanes. */
function itemsApart(lanes: number): [string, string] {
  const names = Array.from({ length: 100 }, (_, index) => `item-${index}`);
  const lane = (name: string) => laneOf(JSON.stringify({ S: name }), lanes);
  const [first = ""] = names;
  return [first, names.find((name) => lane(name) !== lane(first)) ?? ""];
}

// source: Lambda developer guide, polling and batching streams: ParallelizationFactor keeps the order of each item
test("runs as many batches of a shard at once as its factor says, and keeps the order of each item", async () => {
  const arn = await table();
  await fixture().deploy({
    consumer: consumer("await wait(50); if (Math.random() < 0.2) throw new Error('at random');"),
  });
  for (const value of upTo(80)) await put(`item-${value % 16}`, value);
  await mapStream(arn, { ParallelizationFactor: 4, BatchSize: 4 });
  await vi.waitFor(() => expect(sorted(handled())).toEqual(upTo(80)), 20_000);
  expect(mostAtOnce()).toBeGreaterThan(1);
  expect(mostAtOnce()).toBeLessThanOrEqual(4);
  expect(firstOfEachItem()).toHaveLength(16);
  for (const values of firstOfEachItem()) expect(values).toEqual(sorted(values));
});

// source: the same: a batch that fails blocks the items of its own part of the shard only
test("goes on with other items while a batch fails", async () => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer("if (values.includes(0)) throw new Error('poison');") });
  const [poisoned, other] = itemsApart(10);
  await put(poisoned, 0);
  await put(other, 1);
  await put(other, 2);
  await mapStream(arn, { ParallelizationFactor: 10 });
  await vi.waitFor(() => expect(handled()).toEqual([1, 2]), 10_000);
});

// source: Lambda API reference, UpdateEventSourceMapping: ParallelizationFactor
test("skips no record and repeats none where its factor changes while it is at rest", async () => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer("") });
  const { UUID } = await mapStream(arn, { ParallelizationFactor: 3 });
  let count = 0;
  for (const ParallelizationFactor of [3, 10, 1, 2]) {
    await fixture().lambda.send(new UpdateEventSourceMappingCommand({ UUID, ParallelizationFactor }));
    for (const value of upTo(10)) await put(`item-${value % 4}`, count + value);
    count += 10;
    await vi.waitFor(() => expect(sorted(handled())).toEqual(upTo(count)), 10_000);
  }
});

// source: Lambda developer guide, polling and batching streams; each event at least once
test("skips no record where its factor changes in the midst of its batches", async () => {
  const arn = await table();
  await fixture().deploy({ consumer: consumer("await wait(20);") });
  for (const value of upTo(60)) await put(`item-${value % 6}`, value);
  const { UUID } = await mapStream(arn, { ParallelizationFactor: 2, BatchSize: 2 });
  for (const ParallelizationFactor of [5, 1, 3]) {
    const before = handled().length;
    await vi.waitFor(() => expect(handled().length).toBeGreaterThan(before + 4), 10_000);
    await fixture().lambda.send(new UpdateEventSourceMappingCommand({ UUID, ParallelizationFactor }));
  }
  await vi.waitFor(() => expect(sorted([...new Set(handled())])).toEqual(upTo(60)), 20_000);
  for (const values of firstOfEachItem()) expect(values).toEqual(sorted(values));
});
