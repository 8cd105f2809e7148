import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Deployments } from "./assembly/deployments.ts";
import { openStackStore } from "./assembly/stack-store.ts";
import { type StackSummary, summarizeStack } from "./assembly/stack-summary.ts";
import type { RegionTime } from "./kernel/region-time.ts";
import type { Service, World } from "./kernel/service.ts";

/** What runs in a region. */
export interface RegionStatus {
  readonly pid: number;
  /** The version of `@reliq/local`. */
  readonly version: string;
  readonly endpoint: string;
  readonly stateDirectory: string;
  /** By the machine's time, ISO 8601. */
  readonly startedAt: string;
  readonly uptimeSeconds: number;
  /** The region's time, ISO 8601. */
  readonly now: string;
  /** How far the region is ahead of the machine's time, seconds. */
  readonly aheadSeconds: number;
  readonly services: readonly string[];
  readonly stacks: readonly StackSummary[];
  /** One line each, for the person who runs the region. */
  readonly notes: readonly string[];
}

/** Makes the reader of a region's status; the region starts now. */
export function createStatus(
  world: World,
  time: RegionTime,
  services: readonly Service[],
  deployments: Deployments,
): () => RegionStatus {
  const startedAtMs = Date.now();
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const records = openStackStore(world);
  const names = services.map(({ name }) => name);
  return () => ({
    pid: process.pid,
    version,
    endpoint: world.endpoint(),
    stateDirectory: resolve(world.store.directory),
    startedAt: new Date(startedAtMs).toISOString(),
    uptimeSeconds: Math.floor((Date.now() - startedAtMs) / 1_000),
    now: new Date(world.clock.now()).toISOString(),
    aheadSeconds: time.aheadMs() / 1_000,
    services: names,
    stacks: records.stacks().map(({ name }) => summarizeStack(records, name)),
    notes: [...deployments.notes(), ...timeNotes(time)],
  });
}

function timeNotes(time: RegionTime): readonly string[] {
  const ahead = `${time.aheadMs() / 1_000} s ahead of this machine's time`;
  if (time.jump) return [`Time can jump here (reliq local jump 5m); the region is ${ahead}.`];
  if (time.aheadMs() === 0) return [];
  return [`The region is ${ahead}, from jumps before, and its functions with it; reliq local reset ends that.`];
}
