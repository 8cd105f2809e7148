import { sampleMessage } from "@reliq/core/testing";
import { expect, test } from "vitest";
import { emfMetrics } from "./metrics.ts";

test("a batch is one line in CloudWatch's embedded metric format, each outcome counted once", () => {
  const lines: string[] = [];
  const message = sampleMessage({ queue: "orders", sentAtMs: 1_000 });
  emfMetrics({ write: (line) => lines.push(line) })({
    consumer: "orders",
    durationMs: 12,
    endedAtMs: 1_500,
    attempted: [
      { message, outcome: { kind: "processed" } },
      { message, outcome: { kind: "processed" } },
      { message, outcome: { kind: "deferred", cause: "in-progress" } },
    ],
  });
  expect(lines).toHaveLength(1);
  const line = JSON.parse(lines[0] ?? "");
  expect(line).toMatchObject({
    Consumer: "orders",
    Queue: "orders",
    Processed: 2,
    Deferred: 1,
    Failed: 0,
    BatchDuration: 12,
  });
  expect(line.MessageAge).toEqual([500, 500, 500]);
  const [definition] = line._aws.CloudWatchMetrics;
  expect(line._aws.Timestamp).toBe(1_500);
  expect(definition.Namespace).toBe("Reliq");
  for (const { Name } of definition.Metrics) expect(line).toHaveProperty(Name);
  for (const name of definition.Dimensions.flat()) expect(line).toHaveProperty(name);
});

test("an empty batch writes nothing", () => {
  const lines: string[] = [];
  emfMetrics({ write: (line) => lines.push(line) })({ consumer: "orders", durationMs: 0, endedAtMs: 0, attempted: [] });
  expect(lines).toEqual([]);
});
