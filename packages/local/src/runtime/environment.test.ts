import { describe, expect, test, vi } from "vitest";
import { answer, useEnvironmentFixture } from "../../test/environment-fixture.ts";

const { directory, environment, invoke, lines, texts } = useEnvironmentFixture();

describe("a handler", () => {
  test.each([
    ["an ES module", { "index.mjs": "export const handler = async (event) => ({ got: event.a });" }],
    ["a CommonJS module", { "index.js": "exports.handler = async (event) => ({ got: event.a });" }],
    ["a .cjs file", { "index.cjs": "module.exports = { handler: async (event) => ({ got: event.a }) };" }],
    [
      "a module of a package of type module",
      {
        "package.json": '{"type":"module"}',
        "index.js": "export const handler = async (event) => ({ got: event.a });",
      },
    ],
    ["a callback handler", { "index.js": "exports.handler = (event, context, done) => done(null, { got: event.a });" }],
  ])("can be %s", async (_, code) => {
    expect(answer(await invoke(code, {}, { a: 1 }))).toEqual({ got: 1 });
  });

  test("can be in a folder, and a member of an export", async () => {
    const code = { "src/app.mjs": "export const api = { get: async () => 'here' };" };
    expect(answer(await invoke(code, { handler: "src/app.api.get" }))).toBe("here");
  });

  test("that returns nothing answers null", async () => {
    expect(answer(await invoke({ "index.mjs": "export const handler = async () => {};" }))).toBeNull();
  });

  test("that waits for what can never come answers null, and the next invocation runs", async () => {
    const target = environment({
      "index.mjs": "export const handler = (event) => event.wait ? new Promise(() => {}) : 'next';",
    });
    await target.ready;
    const first = await target.invoke({ requestId: "request-1", event: '{"wait":true}', traceId: "" });
    const second = await target.invoke({ requestId: "request-2", event: "{}", traceId: "" });
    expect([answer(first), answer(second)]).toEqual([null, "next"]);
  });

  test("gets Lambda's context", async () => {
    const code = {
      "index.mjs": `export const handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis() });`,
    };
    expect(answer(await invoke(code))).toEqual({
      callbackWaitsForEmptyEventLoop: true,
      awsRequestId: "request-1",
      functionName: "orders",
      functionVersion: "$LATEST",
      invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:orders",
      memoryLimitInMB: "128",
      logGroupName: "/aws/lambda/orders",
      logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
      left: expect.toSatisfy((left: number) => left > 5_000 && left <= 10_000),
    });
  });

  test("sees its own variables and Lambda's, and nothing of the region's environment", async () => {
    vi.stubEnv("SECRET_OF_THE_REGION", "1");
    const report = await invoke(
      { "index.mjs": "export const handler = async () => process.env;" },
      { variables: { TABLE: "orders" } },
    );
    vi.unstubAllEnvs();
    expect(answer(report)).toMatchObject({
      TABLE: "orders",
      AWS_LAMBDA_FUNCTION_NAME: "orders",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/orders",
      AWS_REGION: "eu-west-1",
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      LAMBDA_TASK_ROOT: directory(),
      _X_AMZN_TRACE_ID: "Root=1-2-3",
      TZ: "UTC",
    });
    expect(answer(report)).not.toHaveProperty("SECRET_OF_THE_REGION");
    expect(answer(report)).not.toHaveProperty("VITEST");
  });
});

describe("the log of an invocation", () => {
  test("has START, the console's calls as one event each, plain lines, END and REPORT", async () => {
    const report = await invoke({
      "index.mjs": `export const handler = async () => {
        console.log("one\\ntwo", { a: 1 });
        console.error("bad");
        process.stdout.write("plain\\nunfinished");
      };`,
    });
    expect(texts()).toEqual([
      "START RequestId: request-1 Version: $LATEST",
      expect.stringMatching(/^\d{4}-.*Z\trequest-1\tINFO\tone\ntwo \{ a: 1 \}$/),
      expect.stringMatching(/Z\trequest-1\tERROR\tbad$/),
      "plain",
      "unfinished",
      "END RequestId: request-1",
      expect.stringMatching(
        /^REPORT RequestId: request-1\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\t$/,
      ),
    ]);
    expect(report.logTail).toContain("plain\nunfinished\nEND");
    expect(lines()[0]?.logStreamName).toBe(report.logStreamName);
  });

  test("is JSON where the function's log format is, from its level up", async () => {
    await invoke(
      {
        "index.mjs":
          "export const handler = async () => { console.debug('no'); console.info({ a: 1 }); console.warn('w'); };",
      },
      { logFormat: "JSON" },
    );
    expect(texts().map((text) => JSON.parse(text))).toEqual([
      { time: expect.any(String), type: "platform.start", record: { requestId: "request-1", version: "$LATEST" } },
      { timestamp: expect.any(String), level: "INFO", requestId: "request-1", message: { a: 1 } },
      { timestamp: expect.any(String), level: "WARN", requestId: "request-1", message: "w" },
      { time: expect.any(String), type: "platform.report", record: expect.objectContaining({ status: "success" }) },
    ]);
  });

  test("of a second invocation has no init duration", async () => {
    const target = environment({ "index.mjs": "let calls = 0; export const handler = async () => ++calls;" });
    await target.ready;
    await target.invoke({ requestId: "request-1", event: "{}", traceId: "" });
    const second = await target.invoke({ requestId: "request-2", event: "{}", traceId: "" });
    expect(answer(second)).toBe(2);
    expect(texts().filter((text) => text.includes("Init Duration"))).toHaveLength(1);
  });
});
