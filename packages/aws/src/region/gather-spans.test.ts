import type { Span } from "@reliq/core/recovery";
import { expect, test } from "vitest";
import { gatherSpans } from "./gather-spans.ts";
import type { TraceCollector } from "./trace-collector.ts";

const id = (digit: string): string => `1-00000000-${digit.repeat(24)}`;

function span(traceId: string, annotations: Readonly<Record<string, string>>, link?: string): Span {
  const links = link === undefined ? [] : [{ traceId: link, id: "1" }];
  return { traceId, id: `${traceId}-${JSON.stringify(annotations)}`, name: "x", startMs: 0, annotations, links };
}

/** A collector that has these spans. */
function collector(spans: readonly Span[]): TraceCollector {
  return {
    spans: async (traceIds) => spans.filter(({ traceId }) => traceIds.includes(traceId)),
    find: async (name, value) => [
      ...new Set(spans.filter(({ annotations }) => annotations[name] === value).map(({ traceId }) => traceId)),
    ],
  };
}

async function gathered(spans: readonly Span[], of: string, known: readonly string[] = []): Promise<readonly string[]> {
  const found = await gatherSpans({ collector: collector(spans), fromMs: 0, toMs: 1 }, of, known);
  return [...new Set(found.spans.map(({ traceId }) => traceId))].sort();
}

const producer = span(id("a"), {});
const first = span(id("b"), { message_id: "m1", sender_trace: id("a") }, id("a"));
const healer = span(id("c"), { message_id: "reminder", sender_trace: id("b") }, id("b"));
const second = span(id("d"), { message_id: "m2", lineage: "m1", sender_trace: id("c") }, id("c"));
const stranger = span(id("e"), { message_id: "m9" });
const all = [producer, first, healer, second, stranger];

test.each([
  ["its first id", "m1"],
  ["an id that it got when it was sent again", "m2"],
  ["a trace on its way", id("b")],
  ["a trace's id as OpenTelemetry writes it", id("c").replaceAll("-", "").slice(1)],
])("a message's traces are found from %s: what came before and what came after", async (_, of) => {
  expect(await gathered(all, of)).toEqual([id("a"), id("b"), id("c"), id("d")]);
});

test("a request's id finds its trace, and an unknown one nothing", async () => {
  const request = span(id("f"), { request_id: "r1" });
  expect(await gathered([...all, request], "r1")).toEqual([id("f")]);
  expect(await gathered(all, "nobody")).toEqual([]);
});

test("ids that recovery knows of a message are looked for too", async () => {
  expect(await gathered(all, "nobody", ["m1"])).toEqual([id("a"), id("b"), id("c"), id("d")]);
});

test("of more traces than can be read, some are left, and that is said", async () => {
  const many = Array.from({ length: 300 }, (_, index) => {
    const traceId = `1-00000000-${String(index).padStart(24, "0")}`;
    return span(traceId, { message_id: `m${index}`, sender_trace: id("a") });
  });
  const search = { collector: collector([producer, ...many]), fromMs: 0, toMs: 1 };
  const { spans, more } = await gatherSpans(search, id("a"), []);
  expect(more).toBe(true);
  expect(spans.length).toBeLessThan(150);
});
