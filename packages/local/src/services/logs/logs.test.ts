import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FixtureStack, writeAssembly } from "../../../test/assembly-fixture.ts";
import { type Region, startRegion } from "../../region.ts";

let directory: string;
let region: Region;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "reliq-logs-"));
  region = await startRegion({ stateDirectory: join(directory, "state"), port: 0 });
});
afterEach(async () => {
  await region.stop();
  rmSync(directory, { recursive: true, force: true });
});

const GROUP = "/aws/lambda/orders";
const NOW = Date.now();

/** Calls an action over the network, on the service's own protocol. */
async function call(action: string, input: object): Promise<Record<string, unknown>> {
  const response = await fetch(region.endpoint, {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `Logs_20140328.${action}` },
    body: JSON.stringify(input),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw Object.assign(new Error(String(answer["message"])), { type: answer["__type"] });
  return answer;
}

const error = (code: string, message = ""): object => ({
  type: `com.amazonaws.logs.v20140328#${code}`,
  message: expect.stringContaining(message),
});

async function put(logStreamName: string, ...messages: (readonly [atMs: number, message: string])[]) {
  await call("CreateLogStream", { logGroupName: GROUP, logStreamName });
  const logEvents = messages.map(([atMs, message]) => ({ timestamp: NOW + atMs, message }));
  return call("PutLogEvents", { logGroupName: GROUP, logStreamName, logEvents });
}

const messagesOf = (answer: Record<string, unknown>): string[] =>
  (answer["events"] as { message: string }[]).map((event) => event.message);

describe("a log group", () => {
  test("is created once, listed by prefix, and deleted with what is in it", async () => {
    await call("CreateLogGroup", { logGroupName: GROUP });
    await expect(call("CreateLogGroup", { logGroupName: GROUP })).rejects.toMatchObject(
      error("ResourceAlreadyExistsException"),
    );
    await put("a", [0, "one"]);
    expect(await call("DescribeLogGroups", { logGroupNamePrefix: "/aws/" })).toMatchObject({
      logGroups: [{ logGroupName: GROUP, arn: `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}:*` }],
    });
    await call("DeleteLogGroup", { logGroupName: GROUP });
    expect(await call("DescribeLogGroups", {})).toEqual({ logGroups: [] });
    await call("CreateLogGroup", { logGroupName: GROUP });
    expect(messagesOf(await call("FilterLogEvents", { logGroupName: GROUP }))).toEqual([]);
  });

  test("is listed in pages", async () => {
    for (const name of ["a", "b", "c"]) await call("CreateLogGroup", { logGroupName: name });
    const first = await call("DescribeLogGroups", { limit: 2 });
    const second = await call("DescribeLogGroups", { limit: 2, nextToken: first["nextToken"] });
    expect(first["logGroups"]).toMatchObject([{ logGroupName: "a" }, { logGroupName: "b" }]);
    expect(second).toMatchObject({ logGroups: [{ logGroupName: "c" }] });
    expect(second).not.toHaveProperty("nextToken");
  });

  test("loses the events that are past its retention", async () => {
    await call("CreateLogGroup", { logGroupName: GROUP });
    await put("a", [-2 * 86_400_000, "old"], [0, "new"]);
    await call("PutRetentionPolicy", { logGroupName: GROUP, retentionInDays: 1 });
    expect(messagesOf(await call("FilterLogEvents", { logGroupName: GROUP }))).toEqual(["new"]);
    expect(await call("DescribeLogGroups", {})).toMatchObject({ logGroups: [{ retentionInDays: 1 }] });
    await expect(call("PutRetentionPolicy", { logGroupName: GROUP, retentionInDays: 2 })).rejects.toMatchObject(
      error("InvalidParameterException", "'2' at 'retentionInDays'"),
    );
  });

  test("of a template gets its retention, and keeps the events that it had", async () => {
    await call("CreateLogGroup", { logGroupName: GROUP });
    await put("a", [0, "kept"]);
    const Properties = { LogGroupName: GROUP, RetentionInDays: 7 };
    const stack: FixtureStack = { template: { Resources: { Log: { Type: "AWS::Logs::LogGroup", Properties } } } };
    await region.deploy(writeAssembly(join(directory, "cdk.out"), { Shop: stack }));
    expect(await call("DescribeLogGroups", {})).toMatchObject({ logGroups: [{ retentionInDays: 7 }] });
    expect(messagesOf(await call("FilterLogEvents", { logGroupName: GROUP }))).toEqual(["kept"]);
  });
});

describe("events", () => {
  beforeEach(() => call("CreateLogGroup", { logGroupName: GROUP }));

  test("of a stream come in pages, forwards from the head and backwards from the end", async () => {
    await put("a", [0, "1"], [0, "2"], [1, "3"], [2, "4"], [2, "5"]);
    const named = { logGroupName: GROUP, logStreamName: "a", limit: 2 };
    const head = await call("GetLogEvents", { ...named, startFromHead: true });
    const second = await call("GetLogEvents", { ...named, nextToken: head["nextForwardToken"] });
    expect([messagesOf(head), messagesOf(second)]).toEqual([
      ["1", "2"],
      ["3", "4"],
    ]);
    const tail = await call("GetLogEvents", named);
    const before = await call("GetLogEvents", { ...named, nextToken: tail["nextBackwardToken"] });
    expect([messagesOf(tail), messagesOf(before)]).toEqual([
      ["4", "5"],
      ["2", "3"],
    ]);
  });

  test("that are not there leave the token as it is, which is how a reader sees the end", async () => {
    await put("a", [0, "1"]);
    const named = { logGroupName: GROUP, logStreamName: "a" };
    const all = await call("GetLogEvents", { ...named, startFromHead: true });
    const end = await call("GetLogEvents", { ...named, nextToken: all["nextForwardToken"] });
    expect(messagesOf(end)).toEqual([]);
    expect(end["nextForwardToken"]).toBe(all["nextForwardToken"]);
  });

  test("of all streams come by time, in pages, within a time", async () => {
    await put("a", [0, "1"], [20, "3"]);
    await put("b", [10, "2"], [30, "4"]);
    const first = await call("FilterLogEvents", { logGroupName: GROUP, limit: 3 });
    const second = await call("FilterLogEvents", { logGroupName: GROUP, nextToken: first["nextToken"] });
    expect([messagesOf(first), messagesOf(second)]).toEqual([["1", "2", "3"], ["4"]]);
    const within = { logGroupName: GROUP, startTime: NOW + 10, endTime: NOW + 20 };
    expect(messagesOf(await call("FilterLogEvents", within))).toEqual(["2", "3"]);
    expect(messagesOf(await call("FilterLogEvents", { logGroupName: GROUP, logStreamNames: ["b"] }))).toEqual([
      "2",
      "4",
    ]);
  });

  test.each([
    ["", ["ERROR one two", "ERROR two", "INFO one"]],
    ["ERROR", ["ERROR one two", "ERROR two"]],
    ["ERROR one", ["ERROR one two"]],
    ['"ERROR two"', ["ERROR two"]],
    ["two -one", ["ERROR two"]],
    ["?INFO ?two", ["ERROR one two", "ERROR two", "INFO one"]],
    ["error", []],
  ])("fit the pattern %s", async (filterPattern, found) => {
    await put("a", [0, "ERROR one two"], [1, "ERROR two"], [2, "INFO one"]);
    expect(messagesOf(await call("FilterLogEvents", { logGroupName: GROUP, filterPattern }))).toEqual(found);
  });

  test("fit a pattern of JSON", async () => {
    await put("a", [0, '{"level":"warn","n":7}'], [1, '{"level":"error","n":7}'], [2, "error 7"]);
    const filterPattern = '{ $.level = "err*" && $.n > 5 }';
    expect(messagesOf(await call("FilterLogEvents", { logGroupName: GROUP, filterPattern }))).toEqual([
      '{"level":"error","n":7}',
    ]);
    const refused = call("FilterLogEvents", { logGroupName: GROUP, filterPattern: "{ $.a }" });
    await expect(refused).rejects.toMatchObject(error("InvalidParameterException", "{ $.a }"));
  });

  test("too old or too far ahead are left out, and the answer says from where", async () => {
    const answer = await put("a", [-15 * 86_400_000, "old"], [0, "fits"], [3 * 3_600_000, "ahead"]);
    expect(answer).toMatchObject({ rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 } });
    expect(messagesOf(await call("FilterLogEvents", { logGroupName: GROUP }))).toEqual(["fits"]);
  });

  test.each([
    [
      "out of order",
      {
        logEvents: [
          { timestamp: NOW, message: "b" },
          { timestamp: NOW - 1, message: "a" },
        ],
      },
      "chronological",
    ],
    ["that are none", { logEvents: [] }, "logEvents"],
    ["over 1 MiB", { logEvents: [{ timestamp: NOW, message: "x".repeat(1_048_551) }] }, "Upload too large"],
  ])("%s are refused", async (_, input, message) => {
    await call("CreateLogStream", { logGroupName: GROUP, logStreamName: "a" });
    const refused = call("PutLogEvents", { logGroupName: GROUP, logStreamName: "a", ...input });
    await expect(refused).rejects.toMatchObject(error("InvalidParameterException", message));
  });

  test("need their stream and their group", async () => {
    const logEvents = [{ timestamp: NOW, message: "a" }];
    const none = { logGroupName: GROUP, logStreamName: "none", logEvents };
    await expect(call("PutLogEvents", none)).rejects.toMatchObject(error("ResourceNotFoundException", "log stream"));
    await expect(call("PutLogEvents", { ...none, logGroupName: "none" })).rejects.toMatchObject(
      error("ResourceNotFoundException", "log group"),
    );
  });
});

test("streams are listed by name, or by the time of their last event", async () => {
  await call("CreateLogGroup", { logGroupName: GROUP });
  await put("a", [10, "later"]);
  await put("b", [0, "earlier"]);
  const named = { logGroupName: GROUP };
  const names = async (input: object): Promise<unknown> =>
    ((await call("DescribeLogStreams", { ...named, ...input }))["logStreams"] as { logStreamName: string }[]).map(
      (stream) => stream.logStreamName,
    );
  expect(await names({})).toEqual(["a", "b"]);
  expect(await names({ orderBy: "LastEventTime" })).toEqual(["b", "a"]);
  expect(await names({ orderBy: "LastEventTime", descending: true })).toEqual(["a", "b"]);
  expect(await names({ logStreamNamePrefix: "b" })).toEqual(["b"]);
});

test("an action that is not served is refused by name", async () => {
  await expect(call("StartLiveTail", {})).rejects.toThrow("logs:StartLiveTail");
});
