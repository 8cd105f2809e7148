import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { RegionStatus } from "@reliq/local";
import { type ClientSettings, clientSettings } from "../client-settings.ts";

/** What an app's traffic is sent to. */
export interface RunningSystem {
  /** The settings of any AWS SDK client for the region. */
  readonly client: ClientSettings;
  /** The value of a stack's output. @throws Error where there is none */
  readonly output: (stack: string, name: string) => string;
  /** Aborted when the region is to stop. */
  readonly signal: AbortSignal;
}

/** What an app exports as `traffic` of its file `traffic.ts`, beside cdk.json: sends it a gentle stream of messages until the signal is aborted. */
export type Traffic = (system: RunningSystem) => Promise<void>;

/** How long traffic that has failed waits before it begins anew, milliseconds. */
const AGAIN_MS = 10_000;

/** Starts the traffic of those apps that have some; gives back a function that says, a line each, what went wrong last. */
export async function startTraffic(
  apps: readonly string[],
  status: RegionStatus,
  signal: AbortSignal,
): Promise<{ readonly apps: readonly string[]; readonly troubles: () => readonly string[] }> {
  const troubles = new Map<string, string>();
  const found = await Promise.all(apps.map(async (app) => ({ app, traffic: await trafficOf(app) })));
  const sending = found.flatMap(({ app, traffic }) => (traffic ? [{ app, traffic }] : []));
  for (const { app, traffic } of sending) void keepSending(app, traffic, systemOf(status, signal), troubles);
  return { apps: sending.map(({ app }) => app), troubles: () => [...troubles.values()] };
}

async function trafficOf(app: string): Promise<Traffic | undefined> {
  const file = ["traffic.ts", "traffic.js"].map((name) => resolve(join(app, name))).find((path) => existsSync(path));
  if (file === undefined) return undefined;
  return ((await import(pathToFileURL(file).href)) as { readonly traffic: Traffic }).traffic;
}

function systemOf({ endpoint, stacks }: RegionStatus, signal: AbortSignal): RunningSystem {
  return {
    client: clientSettings(endpoint),
    output: (stack, name) => {
      const value = stacks.find((each) => each.name === stack)?.outputs[name];
      if (value === undefined) throw new Error(`The stack ${stack} has no output ${name}.`);
      return value;
    },
    signal,
  };
}

async function keepSending(
  app: string,
  traffic: Traffic,
  system: RunningSystem,
  troubles: Map<string, string>,
): Promise<void> {
  while (!system.signal.aborted) {
    try {
      await traffic(system);
    } catch (error) {
      troubles.set(app, `The traffic of ${app} stopped, and begins again: ${(error as Error).message}`);
      await wait(AGAIN_MS, undefined, { signal: system.signal }).catch(() => {});
    }
  }
}
