import { expect, test } from "vitest";
import { readSpans, type Span } from "./span.ts";
import { type TraceNode, traceTree } from "./trace-tree.ts";

let ids = 0;

function span(traceId: string, name: string, more: Partial<Span> = {}): Span {
  return { traceId, id: `s${++ids}`, name, startMs: 0, endMs: 10, annotations: {}, links: [], ...more };
}

function wait(traceId: string, messageId: string, sender: Span, more: Partial<Span> = {}): Span {
  const annotations = { message_id: messageId, receive_count: "1" };
  const links = [{ traceId: sender.traceId, id: sender.id }];
  return span(traceId, "orders", { origin: "AWS::SQS::Queue", annotations, links, ...more });
}

const worker = (traceId: string, more: Partial<Span> = {}): Span =>
  span(traceId, "worker", { origin: "AWS::Lambda::Function", ...more });

function attempt(of: Span, messageId: string, more: Partial<Span> = {}): Span {
  const annotations = { message_id: messageId, lineage: messageId, receive_count: "1" };
  return span(of.traceId, "process orders", { parentId: of.id, annotations, ...more });
}

/** A tree in brackets: `a(b c(d))`. */
function shown(nodes: readonly TraceNode[]): string {
  return nodes
    .map(({ span: { name, failure }, children }) => {
      const inside = children.length > 0 ? `(${shown(children)})` : "";
      return `${name}${failure ? "!" : ""}${inside}`;
    })
    .join(" ");
}

test("a queue's wait hangs on who sent the message, the function on the wait, and the attempt on the function", () => {
  const api = span("t1", "api");
  const send = span("t1", "send", { parentId: api.id, startMs: 1 });
  const received = wait("t2", "m1", send);
  const invocation = worker("t2", { startMs: 5 });
  const effect = attempt(invocation, "m1", { startMs: 6 });
  const spans = [effect, invocation, received, send, api];
  expect(shown(traceTree({ spans, messageIds: new Set(["m1"]) }))).toBe("api(send(orders(worker(process orders))))");
});

test("of a batch, what is about other messages is left out; of a trace as a whole, nothing is", () => {
  const send = span("t1", "send");
  const [ours, other] = [wait("t2", "m1", send), wait("t2", "m2", send)];
  const invocation = worker("t2");
  const spans = [send, other, ours, invocation, attempt(invocation, "m2"), attempt(invocation, "m1")];
  expect(shown(traceTree({ spans, messageIds: new Set(["m1"]) }))).toBe("send(orders(worker(process orders)))");
  expect(shown(traceTree({ spans }))).toContain("process orders process orders");
});

test("what leads to a message is kept, although it is about another", () => {
  const send = span("t1", "capture");
  const reminder = wait("t2", "reminder", send);
  const healer = worker("t2", { name: "healer" });
  const resent = wait("t3", "m2", healer);
  const spans = [send, reminder, healer, resent, worker("t3")];
  expect(shown(traceTree({ spans, messageIds: new Set(["m1", "m2"]) }))).toBe(
    "capture(orders(healer(orders(worker))))",
  );
});

test("a failed attempt's reason is on its span, else under its function, else on its own", () => {
  const send = span("t1", "send");
  const received = wait("t2", "m1", send);
  const invocation = worker("t2");
  const known = { messageId: "m1", receiveCount: 1, failedAtMs: 9, errorName: "TimeoutFailure", message: "late" };
  const messageIds = new Set(["m1"]);
  const spans = [send, received, invocation];
  const withSpan = [...spans, attempt(invocation, "m1")];
  expect(shown(traceTree({ spans: withSpan, messageIds, attempts: [known] }))).toBe(
    "send(orders(worker(process orders!)))",
  );
  expect(shown(traceTree({ spans, messageIds, attempts: [known] }))).toBe("send(orders(worker(attempt 1!)))");
  expect(shown(traceTree({ spans: [], messageIds, attempts: [known] }))).toBe("attempt 1!");
});

test("a further receive waits from the end of the one before", () => {
  const send = span("t1", "send");
  const first = wait("t2", "m1", send, { endMs: 5 });
  const again = { annotations: { message_id: "m1", receive_count: "2" }, endMs: 100 };
  const second = wait("t3", "m1", send, again);
  const spans = [
    send,
    first,
    worker("t2", { startMs: 5, endMs: 20 }),
    second,
    worker("t3", { startMs: 100, endMs: 110 }),
  ];
  const [root] = traceTree({ spans, messageIds: new Set(["m1"]) });
  expect(root?.children.map(({ span: { startMs, endMs } }) => [startMs, endMs])).toEqual([
    [0, 5],
    [20, 100],
  ]);
});

test("spans that hang on each other in a circle, or on what is not there, end and lose none", () => {
  const a: Span = span("t1", "a", { id: "a", links: [{ traceId: "t2", id: "b" }] });
  const b: Span = span("t2", "b", { id: "b", links: [{ traceId: "t1", id: "a" }] });
  const orphan = span("t1", "orphan", { parentId: "nowhere", links: [{ traceId: "t9", id: "x" }] });
  expect(
    shown(traceTree({ spans: [a, b, orphan] }))
      .replaceAll(/[()]/g, " ")
      .trim()
      .split(/ +/)
      .sort(),
  ).toEqual(["a", "b", "orphan"]);
});

test("the service's side of a call that the function's span shows is not shown twice", () => {
  const call = span("t1", "DynamoDB.PutItem", { namespace: "aws" });
  const served = span("t1", "DynamoDB", { origin: "AWS::Service", parentId: call.id });
  expect(shown(traceTree({ spans: [call, served] }))).toBe("DynamoDB.PutItem");
});

test("a document is read with its subsegments; what is no document gives nothing", () => {
  const inner = { id: "2", name: "in", start_time: 1.5, in_progress: true, error: true };
  const links = [
    { trace_id: "t0", id: "9", attributes: { "aws.xray.reserved.reference_type": "parent" } },
    { trace_id: "t8", id: "9", attributes: { "aws.xray.reserved.reference_type": "child" } },
  ];
  const annotations = { message_id: "m", receive_count: 2 };
  const outer = { trace_id: "t1", id: "1", name: "out", start_time: 1, end_time: 2, links, annotations };
  expect(readSpans(JSON.stringify({ ...outer, subsegments: [inner, null, 5] }))).toMatchObject([
    { id: "1", startMs: 1_000, endMs: 2_000, links: [{ traceId: "t0", id: "9" }], annotations: { receive_count: "2" } },
    { traceId: "t1", id: "2", parentId: "1", startMs: 1_500, failure: { type: "refused", message: "" } },
  ]);
  for (const text of ["", "null", "[]", "{", '{"id":1}']) expect(readSpans(text)).toEqual([]);
});
