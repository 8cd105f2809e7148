import { setTimeout as wait } from "node:timers/promises";
import { callPeer } from "../../../kernel/call-peer.ts";
import type { World } from "../../../kernel/service.ts";
import { forgetChanges, type LoggedChange, readChanges } from "./change-log.ts";

/** Between two tries of a peer that does not take what it is sent, milliseconds: at first, and at most. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** Work in the background, between `start` and `stop`. */
interface Sender {
  start(): void;
  /** Resolves when nothing of it runs. */
  stop(): Promise<void>;
}

/** Sends each peer what was logged for it, in order; what it has not acknowledged is sent again, also after a restart. */
export function replicaSender(world: World): Sender {
  const stopping = new AbortController();
  let running: readonly Promise<void>[] = [];
  return {
    start: () => {
      running = Object.entries(world.peers).map(([peer, endpoint]) => sendAll(world, peer, endpoint, stopping.signal));
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

async function sendAll(world: World, peer: string, endpoint: string, signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const changed = nextCommit(world, signal);
    const changes = readChanges(world, peer);
    const last = changes.at(-1);
    if (!last) {
      await changed;
      continue;
    }
    try {
      const input = { From: world.region, Changes: changes };
      await callPeer(world, peer, { target: "DynamoDB_20120810.ReliqReplicate", input, signal });
      await world.store.transaction(() => forgetChanges(world, peer, last.sequence));
      measure(world, peer, changes);
      if (failures > 0) world.report(`The region ${peer} takes changes of tables again.`);
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      if (failures++ === 0) {
        world.report(
          `The region ${peer} at ${endpoint} does not take changes of tables; they wait for it. ${String(error)}`,
        );
      }
      await pause(Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS), signal);
    }
  }
}

/** How long writes took to the peer, of each table the one that took longest (DynamoDB metrics and dimensions, ReplicationLatency). */
function measure({ clock, metrics }: World, peer: string, changes: readonly LoggedChange[]): void {
  const nowMs = clock.now();
  const oldest = new Map<string, number>();
  for (const { table, change } of changes) {
    if (change.kind === "item") oldest.set(table, Math.min(oldest.get(table) ?? nowMs, change.atMs));
  }
  for (const [TableName, atMs] of oldest) {
    const dimensions = { TableName, ReceivingRegion: peer };
    const metric = { namespace: "AWS/DynamoDB", name: "ReplicationLatency", unit: "Milliseconds", dimensions };
    metrics.record({ metric, atMs: nowMs, value: nowMs - atMs, perSecond: false });
  }
}

function nextCommit({ store }: World, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      forget();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const forget = store.onCommit(end);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return wait(ms, undefined, { signal, ref: false }).catch(() => {});
}
