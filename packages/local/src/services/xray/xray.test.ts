import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fixture, startFixture } from "../../../test/lambda-fixture.ts";
import { newSegmentId, newTraceId } from "../../kernel/trace-header.ts";
import { sendDatagram, type XrayFixture, xrayFixture } from "./fixture.ts";

let fixture: Fixture;
let xray: XrayFixture;

beforeAll(async () => {
  fixture = await startFixture();
  xray = xrayFixture(() => fixture.region.endpoint);
});

afterAll(() => fixture.close());

const now = (): number => Date.now() / 1_000;

function segment(more: object = {}): { readonly trace_id: string; readonly id: string } & Record<string, unknown> {
  const base = { trace_id: newTraceId(Date.now()), id: newSegmentId(), name: "orders" };
  return { ...base, start_time: now() - 1, end_time: now(), ...more };
}

test("a segment is given back as it was sent, and its trace is found by its annotations", async () => {
  const sent = segment({ annotations: { message_id: "m-1", receive_count: 2 }, metadata: { default: { a: [1] } } });
  expect(await xray.put(sent)).toMatchObject({ status: 200, UnprocessedTraceSegments: [] });
  expect(await xray.segments(sent.trace_id)).toEqual([sent]);
  expect(await xray.find('annotation.message_id = "m-1"')).toEqual([sent.trace_id]);
  expect(await xray.find('annotation[message_id] = "m-1" AND annotation.receive_count = 2')).toEqual([sent.trace_id]);
  expect(await xray.find('annotation.message_id = "m-1" AND annotation.receive_count = 3')).toEqual([]);
});

test("annotations of subsegments find the trace too, and so do its faults and the names of its services", async () => {
  const inner = { id: newSegmentId(), name: "process a", start_time: 1, end_time: 2, fault: true };
  const name = `worker-${newSegmentId()}`;
  const sent = segment({ name, subsegments: [{ ...inner, annotations: { lineage: 'a "quoted" one' } }] });
  await xray.put(sent);
  expect(await xray.find(String.raw`annotation.lineage = "a \"quoted\" one"`)).toEqual([sent.trace_id]);
  expect(await xray.find(`service("${name}") AND fault = true`)).toEqual([sent.trace_id]);
  expect(await xray.find(`service("${name}") AND ok`)).toEqual([]);
});

test("what is over replaces what was in progress, in whichever order the two come", async () => {
  const over = segment();
  const { end_time, ...begun } = over;
  const open = { ...begun, in_progress: true };
  await xray.put(open);
  expect(await xray.segments(open.trace_id)).toEqual([open]);
  await xray.put(over);
  await xray.put(open);
  expect(await xray.segments(open.trace_id)).toEqual([over]);
});

test("each document that X-Ray would not process is refused alone, with why", async () => {
  const sound = segment();
  const { end_time, ...endless } = segment();
  const { UnprocessedTraceSegments } = await xray.put(
    sound,
    segment({ trace_id: "1-2" }),
    segment({ name: "" }),
    segment({ start_time: "soon" }),
    endless,
    segment({ metadata: { default: "x".repeat(70_000) } }),
  );
  expect((UnprocessedTraceSegments as { ErrorCode: string }[]).map(({ ErrorCode }) => ErrorCode)).toEqual([
    "InvalidTraceId",
    "InvalidName",
    "InvalidTime",
    "MissingEndTime",
    "SegmentTooLarge",
  ]);
  expect(await xray.segments(sound.trace_id)).toHaveLength(1);
  const garbage = await xray.call("/TraceSegments", { TraceSegmentDocuments: ["{", "null", "[]"] });
  expect(garbage["UnprocessedTraceSegments"]).toHaveLength(3);
});

test("what is not served of filters and requests is refused by name", async () => {
  for (const filter of ["duration > 5", 'annotation.a != "b"', 'annotation.a = "b" OR fault', "fault AND", "bogus"]) {
    const input = { StartTime: now() - 60, EndTime: now(), FilterExpression: filter };
    const answer = await xray.call("/TraceSummaries", input);
    expect(answer, filter).toMatchObject({ status: 400, message: expect.stringContaining(filter) });
  }
  expect(await xray.call("/TraceSummaries", { StartTime: now() })).toMatchObject({ status: 400 });
  expect(await xray.call("/TraceSummaries", { StartTime: 0, EndTime: now() })).toMatchObject({ status: 400 });
  expect(await xray.call("/Traces", { TraceIds: Array(6).fill("1-2-3") })).toMatchObject({ status: 400 });
});

test("the daemon takes segments in datagrams, and nothing that comes there harms it", async () => {
  const { TraceIds, address } = { TraceIds: segment(), address: await daemonAddress() };
  await sendDatagram(address, "garbage");
  await sendDatagram(address, '{"format":"json","version":1}\n{');
  await sendDatagram(address, `{"format":"json","version":1}\n${JSON.stringify(TraceIds)}`);
  await xray.found('service("orders")', (found) => found.some(({ id }) => id === TraceIds.id));
});

async function daemonAddress(): Promise<string> {
  const code = "export const handler = async () => process.env.AWS_XRAY_DAEMON_ADDRESS;";
  await fixture.deploy({ where: { code } });
  const { Payload } = await fixture.region.call("lambda", "Invoke", { FunctionName: "where" });
  return JSON.parse(String(Payload)) as string;
}

test("10,000 spans are listed, page by page, and one of them is found, fast", async () => {
  const name = `many-${newSegmentId()}`;
  for (let batch = 0; batch < 200; batch++) {
    await xray.put(
      ...Array.from({ length: 50 }, (_, index) => segment({ name, annotations: { n: batch * 50 + index } })),
    );
  }
  const startedAt = performance.now();
  let NextToken: unknown;
  const ids = new Set<string>();
  do {
    const input = { StartTime: now() - 3_600, EndTime: now() + 1, FilterExpression: `service("${name}")`, NextToken };
    const page = await xray.call("/TraceSummaries", input);
    for (const { Id } of page["TraceSummaries"] as { Id: string }[]) ids.add(Id);
    NextToken = page["NextToken"];
  } while (NextToken !== undefined);
  expect(ids.size).toBe(10_000);
  expect(await xray.find("annotation.n = 9876")).toHaveLength(1);
  // About half a second on two idle cores; the machine may be busy.
  expect(performance.now() - startedAt).toBeLessThan(10_000);
}, 120_000);

test("traces are there after a restart", async () => {
  const sent = segment();
  await xray.put(sent);
  await fixture.restart();
  expect(await xray.segments(sent.trace_id)).toEqual([sent]);
});
