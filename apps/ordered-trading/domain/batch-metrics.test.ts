import type { Attempted } from "@reliq/core";
import { sampleEntry, sampleMessage } from "@reliq/core/testing";
import { expect, test } from "vitest";
import { batchMetrics } from "./batch-metrics.ts";

const END = Date.UTC(2026, 10, 26, 12);
const { reason } = sampleEntry();

/** The line that a batch with these outcomes writes. */
function lineOf(outcomes: readonly Attempted["outcome"][], durationMs = 100): Record<string, unknown> {
  const lines: string[] = [];
  const attempted = outcomes.map((outcome) => ({ message: sampleMessage({ sentAtMs: END - 2_000 }), outcome }));
  batchMetrics(1_024, (line) => lines.push(line))({ consumer: "orders", attempted, durationMs, endedAtMs: END });
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? "");
}

test("a batch says how much of it failed, how long it took, and how much of what was received had its effect", () => {
  const line = lineOf([
    { kind: "processed" },
    { kind: "processed" },
    { kind: "duplicate" },
    { kind: "failed", reason },
    { kind: "deferred", cause: "behind-sibling" },
  ]);
  expect(line).toMatchObject({
    ProcessedOrders: 2,
    FailureRate: [0, 0, 0, 100],
    ProcessingLatency: [2_000, 2_000, 2_000],
    ProcessingEfficiency: 40,
    _aws: { Timestamp: END, CloudWatchMetrics: [{ Namespace: "FIFO/MessageProcessing", Dimensions: [[]] }] },
  });
});

test("an order costs some thousandths of a cent, and ten times that where nine of ten attempts are in vain", () => {
  const cost = (outcomes: Attempted["outcome"][], ms: number) =>
    lineOf(outcomes, ms)["CostPerThousandOrders"] as number;
  const usual = cost([{ kind: "processed" }], 20);
  expect(usual).toBeGreaterThan(0.003);
  expect(usual).toBeLessThan(0.01);
  const failures = Array.from({ length: 9 }, () => ({ kind: "failed", reason }) as const);
  expect(cost([{ kind: "processed" }, ...failures], 1_000)).toBeGreaterThan(5 * usual);
});

test("a number that a batch does not have is not in its line's metrics", () => {
  const line = lineOf([{ kind: "deferred", cause: "behind-sibling" }]) as {
    _aws: { CloudWatchMetrics: { Metrics: { Name: string }[] }[] };
  };
  const names = line._aws.CloudWatchMetrics[0]?.Metrics.map(({ Name }) => Name);
  expect(names).toEqual(["ProcessedOrders", "ProcessingEfficiency", "CostPerThousandOrders"]);
});
