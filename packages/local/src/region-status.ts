import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Deployments } from "./assembly/deployments.ts";
import { openStackStore } from "./assembly/stack-store.ts";
import { type StackSummary, summarizeStack } from "./assembly/stack-summary.ts";
import type { Service, World } from "./kernel/service.ts";

/** What runs in a region. */
export interface RegionStatus {
  readonly pid: number;
  /** The version of `@reliq/local`. */
  readonly version: string;
  readonly endpoint: string;
  readonly stateDirectory: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly uptimeSeconds: number;
  readonly services: readonly string[];
  readonly stacks: readonly StackSummary[];
  /** One line each, for the person who runs the region. */
  readonly notes: readonly string[];
}

/** Makes the reader of a region's status; the region starts now. */
export function createStatus(world: World, services: readonly Service[], deployments: Deployments): () => RegionStatus {
  const startedAtMs = world.clock.now();
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const records = openStackStore(world);
  const names = services.map(({ name }) => name);
  return () => ({
    pid: process.pid,
    version,
    endpoint: world.endpoint(),
    stateDirectory: resolve(world.store.directory),
    startedAt: new Date(startedAtMs).toISOString(),
    uptimeSeconds: Math.floor((world.clock.now() - startedAtMs) / 1_000),
    services: names,
    stacks: records.stacks().map(({ name }) => summarizeStack(records, name)),
    notes: deployments.notes(),
  });
}
