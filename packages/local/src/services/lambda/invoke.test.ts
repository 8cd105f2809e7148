import {
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  type InvokeCommandInput,
  ListFunctionsCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Fixture, startFixture } from "../../../test/lambda-fixture.ts";

let fixture: Fixture;

beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.close());

const ECHO = "export const handler = async (event) => ({ got: event });";
const WAIT = "export const handler = (event) => new Promise((done) => setTimeout(done, event.ms ?? 5000));";

async function invoke(FunctionName: string, payload: unknown = {}, more: Partial<InvokeCommandInput> = {}) {
  const answer = await fixture.lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload), ...more }),
  );
  return { ...answer, value: answer.Payload?.length ? JSON.parse(answer.Payload.transformToString()) : undefined };
}

async function logOf(functionName: string): Promise<string[]> {
  const { events } = await fixture.region.call("logs", "FilterLogEvents", {
    logGroupName: `/aws/lambda/${functionName}`,
  });
  return (events as { message: string }[]).map((event) => event.message);
}

// source: Lambda API reference, Invoke; developer guide, "Invoke a Lambda function synchronously", "Configuring reserved concurrency for a function"
describe("Invoke", () => {
  test("runs a function of the assembly and gives its answer", async () => {
    await fixture.deploy({ echo: { code: ECHO } });
    expect(await invoke("echo", { a: "ü" })).toMatchObject({
      StatusCode: 200,
      ExecutedVersion: "$LATEST",
      value: { got: { a: "ü" } },
    });
  });

  test.each(["000000000000:function:echo", "arn:aws:lambda:us-east-1:000000000000:function:echo", "echo:$LATEST"])(
    "takes the name %s",
    async (name) => {
      await fixture.deploy({ echo: { code: ECHO } });
      expect(await invoke(name)).toMatchObject({ value: { got: {} } });
    },
  );

  test("says that the function failed, and how", async () => {
    await fixture.deploy({ bad: { code: "export const handler = async () => { throw new TypeError('no'); };" } });
    expect(await invoke("bad")).toMatchObject({
      StatusCode: 200,
      FunctionError: "Unhandled",
      value: { errorType: "TypeError", errorMessage: "no", trace: expect.arrayContaining(["TypeError: no"]) },
    });
  });

  test("ends a function at its timeout", async () => {
    await fixture.deploy({ slow: { code: WAIT, properties: { Timeout: 1 } } });
    expect(await invoke("slow")).toMatchObject({
      FunctionError: "Unhandled",
      value: {
        errorType: "Sandbox.Timedout",
        errorMessage: expect.stringMatching(/ Error: Task timed out after 1\.00 seconds$/),
      },
    });
  });

  test("gives the end of the log where it is asked for, and the log store has all of it", async () => {
    await fixture.deploy({ talk: { code: "export const handler = async () => console.log('hello');" } });
    const { LogResult } = await invoke("talk", {}, { LogType: "Tail" });
    expect(Buffer.from(LogResult ?? "", "base64").toString()).toMatch(/^START .*\n.*\tINFO\thello\nEND .*\nREPORT /);
    await vi.waitFor(async () => expect(await logOf("talk")).toHaveLength(4));
    const { invocations } = await invocationsOf("talk");
    const { logStreams } = await fixture.region.call("logs", "DescribeLogStreams", {
      logGroupName: "/aws/lambda/talk",
    });
    expect(logStreams).toMatchObject([{ logStreamName: invocations[0]?.["LogStreamName"] }]);
  });

  test("passes the trace header and the client context on", async () => {
    const code =
      "export const handler = async (event, context) => [process.env._X_AMZN_TRACE_ID, context.clientContext];";
    await fixture.deploy({ trace: { code } });
    const answer = await fixture.region.call("lambda", "Invoke", {
      FunctionName: "trace",
      TraceId: "Root=1-5759e988-bd862e3fe1be46a994272793",
      ClientContext: Buffer.from('{"custom":{"a":"b"}}').toString("base64"),
    });
    expect(JSON.parse(String(answer["Payload"]))).toEqual([
      "Root=1-5759e988-bd862e3fe1be46a994272793",
      { custom: { a: "b" } },
    ]);
  });

  test("checks without running where it is a dry run", async () => {
    await fixture.deploy({ echo: { code: ECHO } });
    expect(await invoke("echo", {}, { InvocationType: "DryRun" })).toMatchObject({ StatusCode: 204, value: undefined });
    expect((await invocationsOf("echo")).invocations).toEqual([]);
  });

  test.each([
    [
      "a function that is not there",
      { FunctionName: "none" },
      "ResourceNotFoundException",
      "Function not found: arn:aws:lambda:us-east-1:000000000000:function:none",
    ],
    ["a version", { Qualifier: "7" }, "ResourceNotFoundException", "Function not found: echo:7"],
    [
      "an event that is not JSON",
      { Payload: "{" },
      "InvalidRequestContentException",
      "Could not parse request body into json",
    ],
    [
      "an event over 6 MB",
      { Payload: JSON.stringify("x".repeat(6_291_556)) },
      "RequestTooLargeException",
      "Request must be smaller than 6291556 bytes",
    ],
    [
      "an asynchronous event over 1 MB",
      { InvocationType: "Event", Payload: JSON.stringify("x".repeat(1_048_576)) },
      "RequestTooLargeException",
      "1048576 bytes",
    ],
    ["an unknown type", { InvocationType: "Later" }, "ValidationException", "at 'invocationType'"],
  ])("refuses %s", async (_, input, name, message) => {
    await fixture.deploy({ echo: { code: ECHO } });
    const refused = fixture.lambda.send(new InvokeCommand({ FunctionName: "echo", ...input } as InvokeCommandInput));
    await expect(refused).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  });

  test("is refused beyond the reserved concurrency, until an invocation is over", async () => {
    await fixture.deploy({ slow: { code: WAIT, properties: { ReservedConcurrentExecutions: 1, Timeout: 10 } } });
    const first = invoke("slow", { ms: 500 });
    await vi.waitFor(async () => expect((await invocationsOf("slow")).invocations).toHaveLength(1));
    await expect(invoke("slow")).rejects.toMatchObject({
      name: "TooManyRequestsException",
      Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
      $metadata: { httpStatusCode: 429 },
    });
    await first;
    expect(await invoke("slow", { ms: 1 })).toMatchObject({ StatusCode: 200 });
  });
});

async function invocationsOf(FunctionName: string): Promise<{ invocations: Record<string, unknown>[] }> {
  const { Invocations } = await fixture.region.call("lambda", "ReliqListInvocations", { FunctionName });
  return { invocations: Invocations as Record<string, unknown>[] };
}

describe("the note of an invocation", () => {
  test.each([
    ["success", "export const handler = async () => 1;"],
    ["error", "export const handler = async () => { throw new Error('no'); };"],
    ["timeout", "export const handler = async () => { for (;;); };"],
    ["crash", "export const handler = async () => process.exit(1);"],
    ["init-error", "export const other = 1;"],
    [
      "out-of-memory",
      "export const handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill({})); };",
    ],
  ])("tells %s", async (outcome, code) => {
    await fixture.deploy({ one: { code, properties: { Timeout: outcome === "timeout" ? 1 : 20 } } });
    await invoke("one");
    expect((await invocationsOf("one")).invocations).toMatchObject([{ FunctionName: "one", Outcome: outcome }]);
  });

  test("can be read over the network, newest first", async () => {
    await fixture.deploy({ echo: { code: ECHO } });
    await invoke("echo");
    await invoke("echo");
    const response = await fetch(`${fixture.region.endpoint}/2015-03-31/reliq-invocations?FunctionName=echo&Limit=1`);
    expect(await response.json()).toMatchObject({ Invocations: [{ Outcome: "success" }] });
  });
});

// source: Lambda API reference, GetFunction, ListFunctions, UpdateFunctionConfiguration, PutFunctionConcurrency, DeleteFunction
describe("a function", () => {
  test("goes on after a restart, without its assembly", async () => {
    await fixture.deploy({ echo: { code: ECHO } });
    await fixture.restart();
    expect(await invoke("echo", 1)).toMatchObject({ value: { got: 1 } });
  });

  test("runs its new code after a deployment, and keeps its environments where nothing changed", async () => {
    await fixture.deploy({ pid: { code: "export const handler = async () => process.pid;" } });
    const first = (await invoke("pid")).value;
    await fixture.deploy({ pid: { code: "export const handler = async () => process.pid;" } });
    expect((await invoke("pid")).value).toBe(first);
    await fixture.deploy({ pid: { code: "export const handler = async () => 'new';" } });
    expect((await invoke("pid")).value).toBe("new");
  });

  test("is shown with its settings", async () => {
    await fixture.deploy({ echo: { code: ECHO, properties: { Timeout: 7, Environment: { Variables: { A: "1" } } } } });
    const shown = {
      FunctionName: "echo",
      FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:echo",
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Timeout: 7,
      MemorySize: 128,
      Environment: { Variables: { A: "1" } },
      State: "Active",
      LoggingConfig: { LogFormat: "Text", LogGroup: "/aws/lambda/echo" },
    };
    expect(await fixture.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: "echo" }))).toMatchObject(
      shown,
    );
    expect(await fixture.lambda.send(new GetFunctionCommand({ FunctionName: "echo" }))).toMatchObject({
      Configuration: shown,
    });
  });

  test("is listed in pages", async () => {
    await fixture.deploy({ a: { code: ECHO }, b: { code: ECHO }, c: { code: ECHO } });
    const first = await fixture.lambda.send(new ListFunctionsCommand({ MaxItems: 2 }));
    const second = await fixture.lambda.send(new ListFunctionsCommand({ Marker: first.NextMarker }));
    const names = [first, second].map((page) => page.Functions?.map((each) => each.FunctionName));
    expect(names).toEqual([["a", "b"], ["c"]]);
    expect(second.NextMarker).toBeUndefined();
  });

  test("takes new settings at its next invocation", async () => {
    await fixture.deploy({ show: { code: "export const handler = async () => process.env.MODE;" } });
    expect((await invoke("show")).value).toBeNull();
    const Environment = { Variables: { MODE: "slow" } };
    await fixture.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: "show", Environment }));
    expect((await invoke("show")).value).toBe("slow");
  });

  test.each([
    [{ Timeout: 901 }, "ValidationException", "'901' at 'timeout'"],
    [{ MemorySize: 64 }, "ValidationException", "'64' at 'memorySize'"],
    [{ Runtime: "python3.13" }, "InvalidParameterValueException", "python3.13"],
    [{ Environment: { Variables: { AWS_REGION: "x" } } }, "InvalidParameterValueException", "AWS_REGION"],
    [{ Layers: ["arn:layer"] }, "InvalidParameterValueException", "Layers"],
    [{ RevisionId: "stale" }, "PreconditionFailedException", "RevisionId"],
  ])("refuses %j", async (input, name, message) => {
    await fixture.deploy({ echo: { code: ECHO } });
    const refused = fixture.lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: "echo", ...input } as never),
    );
    await expect(refused).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  });

  test.each([
    [{ Runtime: "python3.13" }, "python3.13"],
    [{ Layers: ["arn:layer"] }, "Layers"],
    [{ Code: { ZipFile: "x" } }, "ZipFile"],
  ])("of a template with %j stops the deployment", async (properties, message) => {
    await expect(fixture.deploy({ echo: { code: ECHO, properties } })).rejects.toThrow(message);
  });

  test("has its reserved concurrency set, shown and removed", async () => {
    await fixture.deploy({ echo: { code: ECHO } });
    const named = { FunctionName: "echo" };
    await fixture.lambda.send(new PutFunctionConcurrencyCommand({ ...named, ReservedConcurrentExecutions: 0 }));
    await expect(invoke("echo")).rejects.toMatchObject({ name: "TooManyRequestsException" });
    expect(await fixture.lambda.send(new GetFunctionConcurrencyCommand(named))).toMatchObject({
      ReservedConcurrentExecutions: 0,
    });
    await fixture.lambda.send(new DeleteFunctionConcurrencyCommand(named));
    expect((await invoke("echo")).StatusCode).toBe(200);
    const tooMuch = new PutFunctionConcurrencyCommand({ ...named, ReservedConcurrentExecutions: 901 });
    await expect(fixture.lambda.send(tooMuch)).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  });

  test("is gone once it is deleted", async () => {
    await fixture.deploy({ echo: { code: ECHO } });
    await fixture.lambda.send(new DeleteFunctionCommand({ FunctionName: "echo" }));
    await expect(invoke("echo")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});
