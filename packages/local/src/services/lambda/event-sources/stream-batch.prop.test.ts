import fc from "fast-check";
import { expect, test } from "vitest";
import { afterInvocation, batchLength, newBatch, type StreamRecord } from "./stream-batch.ts";
import type { StreamSettings } from "./stream-settings.ts";

const record = (index: number, length = 10): StreamRecord => ({
  sequenceNumber: String(index).padStart(21, "0"),
  createdSeconds: index,
  partition: "a",
  text: "x".repeat(length),
});
const indexOf = ({ sequenceNumber }: StreamRecord): number => Number(sequenceNumber);

/** What becomes of records with a function that fails the poisoned ones: reported, or by a throw. */
function run(count: number, poisoned: ReadonlySet<number>, reports: boolean, settings: StreamSettings) {
  let batches = [newBatch(Array.from({ length: count }, (_, index) => record(index)))];
  const [settled, handled, discarded]: [number[], number[], number[]] = [[], [], []];
  for (let invocations = 0; batches.length > 0; invocations += 1) {
    expect(invocations).toBeLessThan(count * (settings.maximumRetryAttempts + 3));
    const [batch = newBatch([]), ...behind] = batches;
    const { records } = batch;
    const poison = records.findIndex((each) => poisoned.has(indexOf(each)));
    const firstFailed = poison === -1 ? records.length : reports ? poison : 0;
    const next = afterInvocation(batch, firstFailed, settings);
    const done = records.slice(0, next.handled).map(indexOf);
    settled.push(...done);
    handled.push(...done);
    batches = [...next.left, ...behind];
    if (!next.exhausted) continue;
    const given = (batches.shift()?.records ?? []).map(indexOf);
    settled.push(...given);
    discarded.push(...given);
  }
  return { settled, handled, discarded };
}

const cases = fc.record({
  count: fc.integer({ min: 1, max: 40 }),
  poisoned: fc.uniqueArray(fc.nat(39), { maxLength: 6 }).map((values) => new Set(values)),
  reports: fc.boolean(),
  bisects: fc.boolean(),
  maximumRetryAttempts: fc.nat(3),
});
const settingsOf = (bisects: boolean, maximumRetryAttempts: number): StreamSettings => ({
  startingPosition: "TRIM_HORIZON",
  maximumRecordAgeSeconds: -1,
  parallelizationFactor: 1,
  onFailureArn: undefined,
  bisects,
  maximumRetryAttempts,
});

test("each record is settled once and in order, whatever fails and however the batch is split", () => {
  fc.assert(
    fc.property(cases, ({ count, poisoned, reports, bisects, maximumRetryAttempts }) => {
      const { settled } = run(count, poisoned, reports, settingsOf(bisects, maximumRetryAttempts));
      expect(settled).toEqual(Array.from({ length: count }, (_, index) => index));
    }),
  );
});

test("where a batch is halved, only poison records are discarded", () => {
  fc.assert(
    fc.property(cases, ({ count, poisoned, reports, maximumRetryAttempts }) => {
      const { discarded } = run(count, poisoned, reports, settingsOf(true, maximumRetryAttempts));
      expect(discarded).toEqual([...poisoned].filter((index) => index < count).sort((a, b) => a - b));
    }),
  );
});

test("a poison record is never taken for handled", () => {
  fc.assert(
    fc.property(cases, ({ count, poisoned, reports, bisects, maximumRetryAttempts }) => {
      const { handled } = run(count, poisoned, reports, settingsOf(bisects, maximumRetryAttempts));
      expect(handled.filter((index) => poisoned.has(index))).toEqual([]);
    }),
  );
});

test("a batch has at most its size, and an event that is within 6 MB", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 20 }),
      (lengths, batchSize) => {
        const records = lengths.map((length, index) => record(index, length));
        const length = batchLength(records, batchSize);
        const bytes = (count: number) => records.slice(0, count).reduce((sum, { text }) => sum + text.length + 1, 14);
        expect(length).toBeGreaterThan(0);
        expect(length).toBeLessThanOrEqual(batchSize);
        expect(bytes(length)).toBeLessThanOrEqual(6 * 1_048_576);
        const whole = length === Math.min(batchSize, records.length);
        expect(whole || bytes(length + 1) > 6 * 1_048_576).toBe(true);
      },
    ),
    { numRuns: 30 },
  );
});
