import { stripVTControlCharacters } from "node:util";
import type { Span, TraceNode } from "@reliq/core/recovery";
import { expect, test } from "vitest";
import { drawTrace, showDuration } from "./draw-trace.ts";

function node(name: string, startMs: number, endMs: number | undefined, more: Partial<Span> = {}): TraceNode["span"] {
  return {
    traceId: "t",
    id: name,
    name,
    startMs,
    annotations: {},
    links: [],
    ...(endMs !== undefined && { endMs }),
    ...more,
  };
}

const lines = (roots: readonly TraceNode[]): string[] => stripVTControlCharacters(drawTrace(roots, 200)).split("\n");

test("a tree is indented lines with durations, and bars on one time line", () => {
  const queue = node("orders", 0, 50, { origin: "AWS::SQS::Queue", annotations: { receive_count: "2" } });
  const worker = node("worker", 50, 100, { origin: "AWS::Lambda::Function" });
  const drawn = lines([{ span: queue, children: [{ span: worker, children: [] }] }]);
  expect(drawn[0]).toMatch(/^orders: waits \(receive 2\) +50 ms █{16}$/);
  expect(drawn[1]).toMatch(/^└ worker \(function\) +50 ms {17}█{16}$/);
});

test("what failed says why, on its line; what has no end is unfinished", () => {
  const failed = node("process orders", 0, 5, { failure: { type: "TypeError", message: "not\ntoday\u001b[31m" } });
  const drawn = lines([
    { span: failed, children: [] },
    { span: node("process orders", 100, undefined), children: [] },
  ]);
  expect(drawn).toHaveLength(2);
  expect(drawn[0]).toContain("✗ TypeError: not today\\u001b[31m");
  expect(drawn[1]).toMatch(/unfinished .*░/);
});

test("calls of one service in a row are one line, unless one failed or something came of it", () => {
  const call = (operation: string, startMs: number, more: Partial<Span> = {}): TraceNode => {
    const span = node("DynamoDB", startMs, startMs + 5, { origin: "AWS::Service", operation, ...more });
    return { span, children: [] };
  };
  const failed = call("Query", 30, { failure: { type: "throttled", message: "" } });
  const children = [call("Query", 0), call("Query", 10), call("PutItem", 20), failed, call("Query", 40)];
  const drawn = lines([{ span: node("worker", 0, 50), children }]);
  expect(drawn.map((line) => line.split(/ {2,}/)[0])).toEqual([
    "worker",
    "├ DynamoDB Query, PutItem ×3",
    "├ DynamoDB Query",
    "└ DynamoDB Query",
  ]);
  expect(drawn[1]).toContain(" 25 ms ");
});

test("a tree of one moment is drawn too", () => {
  expect(lines([{ span: node("attempt 1", 7, 7), children: [] }])[0]).toMatch(/^attempt 1 +0 ms █/);
});

test.each([
  [0, "0 ms"],
  [999.4, "999 ms"],
  [1_234, "1.2 s"],
  [125_000, "2 m 5 s"],
  [7_260_000, "2 h 1 m"],
])("%d ms is shown as %s", (ms, text) => {
  expect(showDuration(ms)).toBe(text);
});
