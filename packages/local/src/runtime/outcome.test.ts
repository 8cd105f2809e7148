import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { useEnvironmentFixture } from "../../test/environment-fixture.ts";

const { environment, invoke, texts } = useEnvironmentFixture();

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

  test("and what its process had last written is in the log, before the end", async () => {
    await invoke({
      "index.mjs": "export const handler = async () => { process.stderr.write('last words'); process.exit(1); };",
    });
    expect(texts().slice(1)).toEqual([
      "last words",
      "RequestId: request-1 Error: Runtime exited with error: exit status 1\nRuntime.ExitError",
      "END RequestId: request-1",
      expect.stringMatching(/^REPORT .*\tStatus: error\tError Type: Runtime\.ExitError\t$/),
    ]);
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
