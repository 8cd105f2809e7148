import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRegion } from "@reliq/local";
import type { Browser } from "playwright-core";
import { startBrowser } from "../harness/browser.ts";
import { buildConsole } from "../harness/build-console.ts";
import { freePort, type ServerProcess, startConsoleOf, startRegionOf } from "../harness/server-process.ts";
import { synthesizeApp } from "../harness/synthesize-app.ts";
import { type ListTimes, measureLists } from "./console-lists.ts";
import { type LiveLoad, measureLive } from "./console-live.ts";
import { copyFailures } from "./store-copies.ts";
import { fillTable } from "./store-fill.ts";
import { capturedAtMs } from "./store-history.ts";

/** How the bench is run. */
export interface ConsoleOptions {
  /** Failures that the store holds. @default 1,000,000 */
  readonly failures?: number;
}

/** The console on a large failure store, in real Chromium: times are milliseconds, loads percent of a core. */
export interface ConsoleBench extends ListTimes, LiveLoad {
  readonly failures: number;
  readonly fillSeconds: number;
}

/** The system whose failures they are: it works them off while the pages are looked at. */
const SYSTEM = { app: "apps/self-healing", queue: "self-healing-orders", table: "self-healing-failures" };

/** Fills a system's failure store, and measures what a person waits for in the console, and what the console uses while it is open. */
export async function benchConsole({ failures = 1_000_000 }: ConsoleOptions = {}): Promise<ConsoleBench> {
  const directory = mkdtempSync(join(tmpdir(), "reliq-console-"));
  const [assembly, state] = [join(directory, "cdk.out"), join(directory, "state")];
  try {
    buildConsole();
    synthesizeApp(SYSTEM.app, assembly);
    const began = performance.now();
    await fillSystem(assembly, state, failures);
    const fillSeconds = Math.round((performance.now() - began) / 1_000);
    return { failures, fillSeconds, ...(await measureConsole(assembly, state, failures)) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Failures that are written through the region; the rest are copies of them. */
const WRITTEN = 20_000;

/** Nothing of the history waits to be sent: its healer would begin to. It ends now, so that nothing of it is forgotten. */
async function fillSystem(assembly: string, stateDirectory: string, failures: number): Promise<void> {
  const written = Math.min(failures, WRITTEN);
  const region = await startRegion({ stateDirectory, assembly, port: 0 });
  try {
    const whole = {
      queues: [SYSTEM.queue],
      states: ["held", "archived", "resolved", "discarded"],
      beginMs: 0,
    } as const;
    await fillTable(region, SYSTEM.table, written, { ...whole, beginMs: Date.now() - capturedAtMs(written, whole) });
  } finally {
    await region.stop();
  }
  copyFailures(stateDirectory, SYSTEM.table, Math.floor(failures / written) - 1);
}

/** Measures on a state that is filled. */
async function measureConsole(assembly: string, state: string, failures: number): Promise<ListTimes & LiveLoad> {
  const servers: ServerProcess[] = [];
  let browser: Browser | undefined;
  try {
    const region = startRegionOf(assembly, ["--no-console"])(await freePort(), state);
    servers.push(region);
    await region.untilAnswering();
    const served = startConsoleOf(region)(await freePort(), state);
    servers.push(served);
    await served.untilAnswering();
    browser = await startBrowser();
    const lists = await measureLists(browser, served.endpoint, Date.now() - (failures / 2) * 1_000);
    return { ...lists, ...(await measureLive(browser, { region, served, queue: SYSTEM.queue })) };
  } finally {
    await browser?.close();
    await Promise.all(servers.reverse().map((each) => each.end("SIGTERM")));
  }
}
