import type { FlowEdge, FlowNode } from "@reliq/core/recovery";
import { expect, test } from "vitest";
import { layOutFlow } from "./flow-layout.ts";

function node(id: string, kind: FlowNode["kind"], system = "s"): FlowNode {
  return { id, kind, name: id, system };
}

const NODES = [
  node("consumer", "function"),
  node("healer", "function"),
  node("dlq", "deadLetterQueue"),
  node("queue", "queue"),
  node("api", "api"),
  node("producer", "function"),
  node("alone", "topic"),
  node("other", "queue", "t"),
];

const EDGES: readonly FlowEdge[] = [
  { from: "api", to: "producer", kind: "invokes" },
  { from: "producer", to: "queue", kind: "sends" },
  { from: "queue", to: "consumer", kind: "invokes" },
  { from: "queue", to: "dlq", kind: "deadLetters" },
  { from: "dlq", to: "healer", kind: "invokes" },
  { from: "healer", to: "queue", kind: "sends" },
  { from: "healer", to: "other", kind: "sends" },
];

test("a flow goes from left to right; a way back changes no place, and what is not connected is left out", () => {
  const { nodes, edges } = layOutFlow({ nodes: NODES, edges: EDGES }, "s");
  const order = nodes.toSorted((a, b) => a.x - b.x || a.y - b.y).map(({ id }) => id);
  expect(order).toEqual(["api", "producer", "queue", "consumer", "dlq", "healer"]);
  expect(edges).toHaveLength(6);
  expect(new Set(nodes.map(({ x, y }) => `${x} ${y}`)).size).toBe(nodes.length);
});

test("a circle that nothing leads to is drawn, too", () => {
  const circle = [node("a", "queue"), node("b", "function")];
  const ways: readonly FlowEdge[] = [
    { from: "a", to: "b", kind: "invokes" },
    { from: "b", to: "a", kind: "sends" },
  ];
  expect(layOutFlow({ nodes: circle, edges: ways }, "s").nodes.map(({ id }) => id)).toEqual(["a", "b"]);
  expect(layOutFlow({ nodes: [], edges: [] }, "s")).toMatchObject({ width: 0, height: 0 });
});
