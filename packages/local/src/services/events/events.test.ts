import {
  CreateEventBusCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
} from "@aws-sdk/client-eventbridge";
import { expect, test } from "vitest";
import { useJumpFixture } from "../../../test/jump-fixture.ts";
import { killProcess, startRegionChild } from "../../../test/region-child.ts";
import { eventIn, eventsFixture } from "./fixture.ts";

const fixture = useJumpFixture();
const open = (): ReturnType<typeof eventsFixture> => eventsFixture(fixture());

test("an event goes to the targets of the rules that it fits, as it was put", async () => {
  const { queue, rule, put, messages } = open();
  const [orders, others] = [await queue("orders"), await queue("others")];
  await rule("large", { source: ["shop"], detail: { total: [{ numeric: [">", 100] }] } }, [{ Arn: orders }]);
  await rule("rest", { detail: { total: [{ numeric: ["<=", 100] }] } }, [{ Arn: others }]);
  const Detail = '{"total":120, "key":9007199254740993}';
  const Time = new Date("2026-11-01T10:00:00Z");
  const answer = await put({ Detail, Time, Resources: ["arn:one"] }, { Detail: '{"total":7}' });
  expect(answer).toMatchObject({ FailedEntryCount: 0, Entries: [{}, {}] });
  const [message] = await messages("orders");
  expect(eventIn(message!)).toEqual({
    version: "0",
    id: answer.Entries?.[0]?.EventId,
    "detail-type": "Order",
    source: "shop",
    account: "000000000000",
    time: "2026-11-01T10:00:00Z",
    region: "us-east-1",
    resources: ["arn:one"],
    detail: { total: 120, key: expect.any(Number) },
  });
  expect(message?.Body).toContain(Detail);
  expect(eventIn((await messages("others"))[0]!).detail).toEqual({ total: 7 });
});

test("an event on a custom bus is seen by its rules only", async () => {
  const { events, queue, rule, put, messages } = open();
  const { EventBusArn } = await events.send(new CreateEventBusCommand({ Name: "trade" }));
  const pattern = { source: ["shop"] };
  await rule("all", pattern, [{ Arn: await queue("plain") }]);
  await rule("all", pattern, [{ Arn: await queue("traded") }], "trade");
  await put({ Detail: '{"by":"name"}', EventBusName: "trade" }, { Detail: '{"by":"arn"}', EventBusName: EventBusArn! });
  await put({ Detail: '{"by":"default"}' });
  const seen = (await messages("traded", 2)).map((message) => eventIn(message).detail["by"]);
  expect(seen.sort()).toEqual(["arn", "name"]);
  expect((await messages("plain")).map((message) => eventIn(message).detail["by"])).toEqual(["default"]);
});

test("an event is forwarded to another bus as it is, and to no third one", async () => {
  const { events, queue, rule, put, messages } = open();
  const bus = async (Name: string): Promise<string> =>
    (await events.send(new CreateEventBusCommand({ Name }))).EventBusArn ?? "";
  const [second, third] = [await bus("second"), await bus("third")];
  const pattern = { source: ["shop"] };
  await rule("on", pattern, [{ Arn: second }]);
  await rule("on", pattern, [{ Arn: third }, { Arn: await queue("at-second") }], "second");
  await rule("on", pattern, [{ Arn: await queue("at-third") }], "third");
  const { Entries } = await put({ Detail: '{"n":1}' });
  expect(eventIn((await messages("at-second"))[0]!)).toMatchObject({ id: Entries?.[0]?.EventId, detail: { n: 1 } });
  await put({ EventBusName: "third", Detail: '{"n":2}' });
  expect((await messages("at-third")).map((message) => eventIn(message).detail["n"])).toEqual([2]);
});

test("a disabled rule takes no event until it is enabled", async () => {
  const { events, queue, rule, put, messages } = open();
  await rule("switch", { source: ["shop"] }, [{ Arn: await queue("switched") }]);
  await events.send(new DisableRuleCommand({ Name: "switch" }));
  expect((await events.send(new DescribeRuleCommand({ Name: "switch" }))).State).toBe("DISABLED");
  await put({ Detail: '{"n":1}' });
  await events.send(new EnableRuleCommand({ Name: "switch" }));
  await put({ Detail: '{"n":2}' });
  expect((await messages("switched")).map((message) => eventIn(message).detail["n"])).toEqual([2]);
});

test("what is wrong with an entry fails that entry alone", async () => {
  const { queue, rule, put, messages } = open();
  await rule("all", { source: [{ exists: true }] }, [{ Arn: await queue("all") }]);
  const answer = await put(
    { Detail: '{"n":1}' },
    { Source: "" },
    { Detail: "[1]" },
    { Detail: "{" },
    { Source: "aws.sqs" },
    { Detail: `{"a":${"[".repeat(1_100)}${"]".repeat(1_100)}}` },
    { Time: new Date(8.64e15), Detail: '{"n":2}' },
  );
  expect(answer.FailedEntryCount).toBe(5);
  expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
    undefined,
    "InvalidArgument",
    "MalformedDetail",
    "MalformedDetail",
    "NotAuthorizedForSourceException",
    "MalformedDetail",
    undefined,
  ]);
  expect((await messages("all", 2)).map((message) => eventIn(message).detail["n"]).sort()).toEqual([1, 2]);
});

test("a request has 1 to 10 entries of 256 KiB in all", async () => {
  const { put } = open();
  const many = Array.from({ length: 11 }, () => ({}));
  await expect(put(...many)).rejects.toMatchObject({ name: "ValidationException" });
  await expect(put()).rejects.toMatchObject({ name: "ValidationException" });
  const bytes = (count: number): string => JSON.stringify({ text: "x".repeat(count - 11) });
  const room = 262_144 - "shopOrder".length;
  expect((await put({ Detail: bytes(room) })).FailedEntryCount).toBe(0);
  await expect(put({ Detail: bytes(room + 1) })).rejects.toThrow(/over the limit/);
});

test("an event has the time of the region, which may have jumped", async () => {
  const { queue, rule, put, messages } = open();
  await rule("all", { source: ["shop"] }, [{ Arn: await queue("all") }]);
  const before = Date.now();
  await fixture().region.jump({ seconds: 86_400, waitSeconds: 60 });
  await put({});
  const time = String(eventIn((await messages("all"))[0]!)["time"]);
  expect(Date.parse(time)).toBeGreaterThan(before + 86_000_000);
});

test("killed between the answer and the delivery, the region delivers the event as it starts again", async () => {
  const { directory, region } = fixture();
  const { queue, rule } = open();
  await rule("kept", { source: ["shop"] }, [{ Arn: await queue("kept") }]);
  await region.stop();
  const acknowledged: string[] = [];
  for (let round = 0; round < 2; round += 1) {
    const { child, endpoint } = await startRegionChild(`${directory}/state`);
    const { put } = eventsFixture({ ...fixture(), region: { ...region, endpoint } });
    try {
      for (let n = 0; n < 6; n += 1) {
        const Detail = JSON.stringify({ n: `${round}-${n}` });
        const { FailedEntryCount } = await put({ Detail });
        expect(FailedEntryCount).toBe(0);
        acknowledged.push(`${round}-${n}`);
      }
    } finally {
      await killProcess(child);
    }
  }
  await fixture().restart();
  const seen = new Set<unknown>();
  while (seen.size < acknowledged.length) {
    for (const message of await open().messages("kept")) seen.add(eventIn(message).detail["n"]);
  }
  expect([...seen].sort()).toEqual(acknowledged);
}, 90_000);
