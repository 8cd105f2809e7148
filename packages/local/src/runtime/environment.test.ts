import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../kernel/clock.ts";
import { type Environment, type LogLine, startEnvironment } from "./environment.ts";
import type { FunctionSettings } from "./environment-variables.ts";
import type { InvocationReport } from "./running.ts";
import { startWatchdog } from "./watchdog.ts";

let directory: string;
let lines: LogLine[];
let started: Environment[];
const watchdog = startWatchdog();

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "reliq-environment-"));
  lines = [];
  started = [];
});

afterEach(async () => {
  for (const each of started) each.kill();
  await Promise.all(started.map((each) => each.gone));
  rmSync(directory, { recursive: true, force: true });
});

function environment(code: Record<string, string>, settings: Partial<FunctionSettings> = {}): Environment {
  for (const [name, text] of Object.entries(code)) {
    mkdirSync(join(directory, name, ".."), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  const result = startEnvironment(
    {
      functionName: "orders",
      functionArn: "arn:aws:lambda:us-east-1:000000000000:function:orders",
      revision: "1",
      codeDirectory: directory,
      handler: "index.handler",
      runtime: "nodejs24.x",
      memoryMb: 128,
      timeoutSeconds: 10,
      variables: {},
      logGroupName: "/aws/lambda/orders",
      logFormat: "Text",
      logLevel: "INFO",
      ...settings,
    },
    {
      surroundings: () => ({
        region: "eu-west-1",
        endpoint: "http://127.0.0.1:1",
        compileCacheDirectory: join(directory, ".cache"),
      }),
      clock: systemClock(),
      watchdog,
      log: (line) => lines.push(line),
    },
  );
  started.push(result);
  return result;
}

async function invoke(
  code: Record<string, string>,
  settings: Partial<FunctionSettings> = {},
  event: unknown = {},
): Promise<InvocationReport> {
  const target = environment(code, settings);
  await target.ready;
  return target.invoke({ requestId: "request-1", event: JSON.stringify(event), traceId: "Root=1-2-3" });
}

const answer = (report: InvocationReport): unknown =>
  report.outcome.kind === "success" ? JSON.parse(report.outcome.payload) : report.outcome;
const texts = (): string[] => lines.map((line) => line.text);

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
      LAMBDA_TASK_ROOT: directory,
      _X_AMZN_TRACE_ID: "Root=1-2-3",
      TZ: "UTC",
    });
    expect(answer(report)).not.toHaveProperty("SECRET_OF_THE_REGION");
    expect(answer(report)).not.toHaveProperty("VITEST");
  });
});

describe("a failing function answers as Lambda does", () => {
  test("when it throws", async () => {
    const { outcome } = await invoke({
      "index.mjs": "export const handler = async () => { throw new RangeError('no'); };",
    });
    expect(outcome).toMatchObject({ kind: "error", error: { errorType: "RangeError", errorMessage: "no" } });
    expect(outcome.kind === "error" && outcome.error.trace?.[0]).toBe("RangeError: no");
  });

  test("when a callback gets an error, and when it throws at once", async () => {
    const called = await invoke({
      "index.js": "exports.handler = (event, context, done) => done(new Error('called'));",
    });
    expect(called.outcome).toMatchObject({ kind: "error", error: { errorMessage: "called" } });
    const thrown = await invoke({ "index.js": "exports.handler = () => { throw new Error('thrown'); };" });
    expect(thrown.outcome).toMatchObject({ kind: "error", error: { errorMessage: "thrown" } });
  });

  test("when it runs past its timeout, even in a loop that yields to nothing", async () => {
    const { outcome } = await invoke(
      { "index.mjs": "export const handler = async () => { for (;;); };" },
      { timeoutSeconds: 1 },
    );
    expect(outcome).toEqual({
      kind: "timeout",
      error: {
        errorType: "Sandbox.Timedout",
        errorMessage: "RequestId: request-1 Error: Task timed out after 1.00 seconds",
      },
    });
    expect(texts().at(-1)).toMatch(/^REPORT .*Status: timeout/);
  });

  test.each([
    ["exits", "process.exit(3)", "crash", "Runtime.ExitError", "Runtime exited with error: exit status 3"],
    [
      "exits as if all were well",
      "process.exit(0)",
      "crash",
      "Runtime.ExitError",
      "Runtime exited without providing a reason",
    ],
    [
      "is killed",
      "process.kill(process.pid, 'SIGKILL')",
      "crash",
      "Runtime.ExitError",
      "Runtime exited with error: signal: killed",
    ],
    [
      "fills its heap",
      "const all = []; for (;;) all.push(new Array(1e5).fill({}));",
      "out-of-memory",
      "Runtime.OutOfMemory",
      "signal: ",
    ],
  ])("when its process %s", async (_, code, kind, errorType, reason) => {
    const { outcome } = await invoke(
      {
        "index.mjs": `export const handler = async () => { ${code}; await new Promise((done) => setTimeout(done, 9000)); };`,
      },
      { memoryMb: 32 },
    );
    expect(outcome).toMatchObject({ kind, error: { errorType } });
    expect(outcome.kind !== "success" && outcome.error.errorMessage).toContain(reason);
  });

  test("when a promise that nobody waits for rejects; the environment is not used again", async () => {
    const target = environment({
      "index.mjs":
        "export const handler = async () => { void Promise.reject(new Error('lost')); await new Promise((done) => setTimeout(done, 9000)); };",
    });
    await target.ready;
    const { outcome } = await target.invoke({ requestId: randomUUID(), event: "{}", traceId: "" });
    expect(outcome).toMatchObject({
      error: { errorType: "Runtime.UnhandledPromiseRejection", errorMessage: "Error: lost" },
    });
    expect(target.usable()).toBe(false);
    await target.gone;
  });

  test.each([
    ["has no such file", {}, "Runtime.ImportModuleError", "Error: Cannot find module 'index'"],
    [
      "has no such export",
      { "index.mjs": "export const other = 1;" },
      "Runtime.HandlerNotFound",
      "index.handler is undefined or not exported",
    ],
    [
      "imports what is not there",
      { "index.mjs": "import 'left-out';" },
      "Runtime.ImportModuleError",
      "Cannot find package 'left-out'",
    ],
    [
      "requires what is not there",
      { "index.js": "require('left-out');" },
      "Runtime.ImportModuleError",
      "Cannot find module 'left-out'",
    ],
    ["is not JavaScript", { "index.mjs": "export const handler = (;" }, "Runtime.UserCodeSyntaxError", "SyntaxError: "],
    ["throws as it loads", { "index.mjs": "throw new TypeError('no table');" }, "TypeError", "no table"],
    ["exits as it loads", { "index.mjs": "process.exit(5);" }, "Runtime.ExitError", "exit status 5"],
  ])("when its code %s", async (_, code, errorType, message) => {
    const target = environment(code);
    await target.ready;
    const { outcome } = await target.invoke({ requestId: "request-1", event: "{}", traceId: "" });
    expect(outcome).toMatchObject({ kind: "init-error", error: { errorType } });
    expect(outcome.kind !== "success" && outcome.error.errorMessage).toContain(message);
    expect(target.usable()).toBe(false);
  });

  test("when its answer is over 6 MB", async () => {
    const { outcome } = await invoke({ "index.mjs": "export const handler = async () => 'x'.repeat(6291556);" });
    expect(outcome).toMatchObject({ kind: "error", error: { errorType: "Function.ResponseSizeTooLarge" } });
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
    expect(lines[0]?.logStreamName).toBe(report.logStreamName);
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
