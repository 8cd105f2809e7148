import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { type Clock, systemClock } from "../src/kernel/clock.ts";
import { type Environment, type LogLine, startEnvironment } from "../src/runtime/environment.ts";
import type { FunctionSettings } from "../src/runtime/environment-variables.ts";
import type { InvocationReport } from "../src/runtime/running.ts";
import { startWatchdog } from "../src/runtime/watchdog.ts";

/** What tests of a function's process do. */
export interface EnvironmentFixture {
  directory(): string;
  lines(): readonly LogLine[];
  texts(): string[];
  /** Starts a process on files of code. */
  environment(code: Record<string, string>, settings?: Partial<FunctionSettings>, clock?: Clock): Environment;
  /** Runs one invocation, `request-1`, in a process of its own. */
  invoke(
    code: Record<string, string>,
    settings?: Partial<FunctionSettings>,
    event?: unknown,
  ): Promise<InvocationReport>;
}

/** The function's answer, or its outcome where it failed. */
export function answer(report: InvocationReport): unknown {
  return report.outcome.kind === "success" ? JSON.parse(report.outcome.payload) : report.outcome;
}

/** Gives each test of a file a directory of its own, and ends its processes. */
export function useEnvironmentFixture(): EnvironmentFixture {
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
  const environment: EnvironmentFixture["environment"] = (code, settings = {}, clock = systemClock()) => {
    for (const [name, text] of Object.entries(code)) {
      mkdirSync(join(directory, name, ".."), { recursive: true });
      writeFileSync(join(directory, name), text);
    }
    const result = startEnvironment(
      { ...SETTINGS, codeDirectory: directory, ...settings },
      {
        surroundings: () => ({
          region: "eu-west-1",
          endpoint: "http://127.0.0.1:1",
          compileCacheDirectory: join(directory, ".cache"),
        }),
        clock,
        watchdog,
        log: (line) => lines.push(line),
      },
    );
    started.push(result);
    return result;
  };
  return {
    directory: () => directory,
    lines: () => lines,
    texts: () => lines.map((line) => line.text),
    environment,
    invoke: async (code, settings, event = {}) => {
      const target = environment(code, settings);
      await target.ready;
      return target.invoke({ requestId: "request-1", event: JSON.stringify(event), traceId: "Root=1-2-3" });
    },
  };
}

const SETTINGS: Omit<FunctionSettings, "codeDirectory"> = {
  functionName: "orders",
  functionArn: "arn:aws:lambda:us-east-1:000000000000:function:orders",
  revision: "1",
  handler: "index.handler",
  runtime: "nodejs24.x",
  memoryMb: 128,
  timeoutSeconds: 10,
  variables: {},
  logGroupName: "/aws/lambda/orders",
  logFormat: "Text",
  logLevel: "INFO",
};
