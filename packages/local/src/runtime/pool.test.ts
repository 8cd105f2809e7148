import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../kernel/clock.ts";
import type { FunctionSettings } from "./environment-variables.ts";
import { type Pool, startPool } from "./pool.ts";
import { startWatchdog } from "./watchdog.ts";

let directory: string;
let pool: Pool;
let later: (() => void)[];
const watchdog = startWatchdog();

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "reliq-pool-"));
  later = [];
  pool = startPool({
    surroundings: () => ({
      region: "us-east-1",
      endpoint: "http://127.0.0.1:1",
      compileCacheDirectory: join(directory, ".cache"),
    }),
    clock: {
      now: Date.now,
      at: (atMs, work) => (atMs > Date.now() + 60_000 ? keep(work) : systemClock().at(atMs, work)),
    },
    watchdog,
    log: () => {},
  });
});

/** Keeps what is due in minutes, for a test to bring about. */
function keep(work: () => void): () => void {
  later.push(work);
  return () => {
    later = later.filter((each) => each !== work);
  };
}

afterEach(async () => {
  await pool.stop();
  rmSync(directory, { recursive: true, force: true });
});

function settings(code: string, revision = "1"): FunctionSettings {
  writeFileSync(join(directory, "index.mjs"), code);
  return {
    functionName: "orders",
    functionArn: "arn:aws:lambda:us-east-1:000000000000:function:orders",
    revision,
    codeDirectory: directory,
    handler: "index.handler",
    runtime: "nodejs24.x",
    memoryMb: 128,
    timeoutSeconds: 20,
    variables: {},
    logGroupName: "/aws/lambda/orders",
    logFormat: "Text",
    logLevel: "INFO",
  };
}

async function run(target: FunctionSettings, event: unknown = {}): Promise<unknown> {
  const { outcome } = await pool.run(target, { requestId: "r", event: JSON.stringify(event), traceId: "" });
  return outcome.kind === "success" ? JSON.parse(outcome.payload) : outcome.kind;
}

/** The process id that a handler has written. */
function readPid(): string {
  const pid = readFileSync(join(directory, "pid"), "utf8");
  if (pid === "") throw new Error("not yet");
  return pid;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const PID = "export const handler = async () => process.pid;";

test("a warm environment is used again", async () => {
  const target = settings(PID);
  expect(await run(target)).toBe(await run(target));
});

test("a burst of short invocations is taken by few environments", async () => {
  const target = settings(PID);
  const pids = await Promise.all(Array.from({ length: 100 }, () => run(target)));
  expect(new Set(pids).size).toBeLessThanOrEqual(2 * availableParallelism());
});

test("invocations that wait for each other run at once", async () => {
  const target = settings(`
    import { appendFileSync, readFileSync } from "node:fs";
    export const handler = async () => {
      appendFileSync("arrived", "x");
      while (readFileSync("arrived", "utf8").length < 5) await new Promise((done) => setTimeout(done, 10));
      return "together";
    };`);
  expect(await Promise.all(Array.from({ length: 5 }, () => run(target)))).toEqual(Array(5).fill("together"));
});

test("a burst of short invocations that warm environments soon have done starts no more of them", async () => {
  const target = settings(`
    import { appendFileSync, readFileSync } from "node:fs";
    export const handler = async ({ together = 0 }) => {
      if (together) appendFileSync("arrived", "x");
      while (together && readFileSync("arrived", "utf8").length < together) await new Promise((done) => setTimeout(done, 10));
      return process.pid;
    };`);
  // Each has an environment of its own, and none is still starting once they are over.
  const together = availableParallelism();
  const warm = new Set(await Promise.all(Array.from({ length: together }, () => run(target, { together }))));
  expect(warm.size).toBe(together);
  for (let before = 0; before < 10; before++) await run(target);
  const later = await Promise.all(Array.from({ length: 50 }, () => run(target)));
  expect(later.filter((pid) => !warm.has(pid))).toEqual([]);
});

test("invocations that wait for each other run at once, also where short ones were before", async () => {
  const target = settings(`
    import { appendFileSync, readFileSync } from "node:fs";
    export const handler = async ({ together }) => {
      if (!together) return "alone";
      appendFileSync("arrived", "x");
      while (readFileSync("arrived", "utf8").length < 4) await new Promise((done) => setTimeout(done, 10));
      return "together";
    };`);
  for (let before = 0; before < 10; before++) expect(await run(target)).toBe("alone");
  const four = Array.from({ length: 4 }, () => run(target, { together: true }));
  expect(await Promise.all(four)).toEqual(Array(4).fill("together"));
});

test("a process that dies is replaced, and only its own invocation fails", async () => {
  const target = settings(
    "export const handler = async (event) => { if (event.die) process.exit(1); return process.pid; };",
  );
  const first = await run(target);
  expect(await run(target, { die: true })).toBe("crash");
  expect(await run(target)).not.toBe(first);
});

test("an idle process that is killed from outside is replaced", async () => {
  const target = settings(PID);
  const first = (await run(target)) as number;
  process.kill(first, "SIGKILL");
  await vi.waitFor(() => expect(isAlive(first)).toBe(false));
  await vi.waitFor(async () => expect(await run(target)).toBeTypeOf("number"));
});

test("an environment without work for minutes ends", async () => {
  const pid = (await run(settings(PID))) as number;
  await run(settings(PID));
  expect(later).toHaveLength(1);
  later[0]?.();
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
});

test("a new revision gets environments of its own, and retired ones end", async () => {
  const first = (await run(settings(PID))) as number;
  pool.retire("orders");
  expect(await run(settings(PID, "2"))).not.toBe(first);
  await vi.waitFor(() => expect(isAlive(first)).toBe(false));
});

test("each invocation of a broken function says why, and none waits for ever", async () => {
  const target = settings("throw new Error('broken')");
  expect(await Promise.all(Array.from({ length: 5 }, () => run(target)))).toEqual(Array(5).fill("init-error"));
});

test("stopping ends running invocations and leaves no process", async () => {
  const target = settings(`
    import { writeFileSync } from "node:fs";
    export const handler = async () => { writeFileSync("pid", String(process.pid)); await new Promise((done) => setTimeout(done, 19000)); };`);
  const running = run(target);
  const pid = await vi.waitFor(() => Number(readPid()), 10_000);
  await pool.stop();
  expect(await running).toBe("crash");
  expect(isAlive(pid)).toBe(false);
});

test.each([
  ["waits", "await new Promise((done) => setTimeout(done, 19000))"],
  ["is too busy to notice", "for (;;);"],
])("a process that %s dies when the region is killed", async (_, work) => {
  const target = settings(`
    import { writeFileSync } from "node:fs";
    export const handler = async () => { writeFileSync("pid", String(process.pid)); ${work}; };`);
  const program = join(directory, "region.mjs");
  const at = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);
  writeFileSync(
    program,
    `const { startPool } = await import(${at("./pool.ts")});
     const { startWatchdog } = await import(${at("./watchdog.ts")});
     const { systemClock } = await import(${at("../kernel/clock.ts")});
     const surroundings = () => ({ region: "us-east-1", endpoint: "", compileCacheDirectory: ${JSON.stringify(directory)} });
     const pool = startPool({ surroundings, clock: systemClock(), watchdog: startWatchdog(), log: () => {} });
     await pool.run(${JSON.stringify(target)}, { requestId: "r", event: "{}", traceId: "" });`,
  );
  const region = spawn(process.execPath, [program], { stdio: "inherit" });
  const pid = await vi.waitFor(() => Number(readPid()), 10_000);
  expect(isAlive(pid)).toBe(true);
  region.kill("SIGKILL");
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 5_000);
});
