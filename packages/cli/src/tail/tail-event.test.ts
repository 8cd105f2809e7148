import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { describeTailEvent, isTrouble, readTailEvent, type TailEvent } from "./tail-event.ts";

const AT_MS = Date.UTC(2026, 0, 31, 12, 0, 5, 70);

const read = (line: string): TailEvent | undefined => readTailEvent(line, "shop-orders", AT_MS);
const shown = (line: string): string => stripVTControlCharacters(describeTailEvent(read(line) as TailEvent));

const METRICS = JSON.stringify({
  _aws: { Timestamp: AT_MS, CloudWatchMetrics: [] },
  Consumer: "orders",
  Queue: "orders-queue",
  Processed: 7,
  Failed: 2,
  Deferred: 0,
  BatchDuration: 12,
});

describe("reading a line of a function's log", () => {
  test("a batch's metrics say what became of its messages", () => {
    expect(read(METRICS)).toEqual({
      kind: "batch",
      atMs: AT_MS,
      function: "shop-orders",
      consumer: "orders",
      queue: "orders-queue",
      counts: { Processed: 7, Failed: 2 },
    });
    expect(shown(METRICS)).toBe("12:00:05.070  orders-queue  7 processed, 2 failed  orders");
  });

  test("an event is shown with its fields, also behind what Lambda writes before a line", () => {
    const line =
      '2026-01-31T12:00:05Z r-1 INFO {"time":"…","level":"warn","event":"group-held","queue":"q.fifo","behind":"m-1"}';
    expect(read(line)).toMatchObject({
      kind: "log",
      level: "warn",
      event: "group-held",
      queue: "q.fifo",
      fields: { behind: "m-1" },
    });
    expect(shown(line)).toBe("12:00:05.070  q.fifo  group-held  behind=m-1");
  });

  test("what a message brings along cannot move the terminal's cursor", () => {
    expect(shown(JSON.stringify({ event: "attempt-failed", message: "\u001b[2Jgone\nnext" }))).toBe(
      "12:00:05.070  shop-orders  attempt-failed  message=\\u001b[2Jgone next",
    );
  });

  test.each(["START RequestId: r-1", "REPORT {not json", "{}", '{"_aws":{}}', '{"event":7}', ""])(
    "%j is no event",
    (line) => {
      expect(read(line)).toBeUndefined();
    },
  );
});

test.each([
  [METRICS, true],
  ['{"_aws":{},"Consumer":"c","Queue":"q","Processed":3,"Duplicate":1}', false],
  ['{"event":"order-processed"}', false],
  ['{"event":"receive-failed","level":"error"}', true],
])("%s is trouble: %s", (line, trouble) => {
  expect(isTrouble(read(line) as TailEvent)).toBe(trouble);
});
