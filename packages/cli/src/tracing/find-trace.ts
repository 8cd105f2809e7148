import { recoveryNode, type TraceNode, traceTree } from "@reliq/core/recovery";
import type { AskedRegion } from "../asked-region.ts";
import { clientSettings } from "../client-settings.ts";
import { regionStatus } from "../region-client.ts";
import { type GatheredSpans, gatherSpans } from "./gather-spans.ts";
import { failureInRegion, idsOfFailure, type KnownFailure } from "./known-failures.ts";
import { traceCollector } from "./xray-client.ts";

/** All that was found of a message. */
export interface FoundTrace {
  readonly gathered: GatheredSpans;
  readonly known: KnownFailure;
  /** The time where it was looked for, milliseconds since the Unix epoch. */
  readonly nowMs: number;
}

interface RegionTraceOptions {
  readonly endpoint: string;
  /** How far back to look, seconds. */
  readonly since: number;
  /** The queue that the message is known to have died on. @default any */
  readonly queue?: string;
}

/** Finds the way of a message in a local region, by its id, its lineage, its trace or its request. */
export async function traceInRegion(id: string, { endpoint, since, queue }: RegionTraceOptions): Promise<FoundTrace> {
  const nowMs = Date.parse((await regionStatus(endpoint)).now);
  const first = await failureInRegion(endpoint, [id], queue);
  const ids = first.failure ? idsOfFailure(first.failure) : [];
  const gathered = await gatherSpans(searchOf({ endpoint, settings: clientSettings(endpoint) }, nowMs, since), id, ids);
  const all = [...new Set([id, ...ids, ...(gathered.messageIds ?? [])])];
  return { gathered, known: all.length > 1 ? await failureInRegion(endpoint, all, queue) : first, nowMs };
}

/** Where and when spans are looked for. */
export function searchOf(
  region: Pick<AskedRegion, "endpoint" | "settings">,
  nowMs: number,
  since: number,
): Parameters<typeof gatherSpans>[0] {
  // What has just begun can be a little ahead of this clock.
  return { collector: traceCollector(region), fromMs: nowMs - since * 1_000, toMs: nowMs + 60_000 };
}

/** The tree of what was found, with what recovery did. */
export function treeOf({ gathered, known }: FoundTrace): readonly TraceNode[] {
  const { spans, messageIds } = gathered;
  const { failure, attempts } = known;
  const drawn = traceTree({ spans, attempts, ...(messageIds && { messageIds }) });
  return failure ? [...drawn, recoveryNode(failure)].sort((a, b) => a.span.startMs - b.span.startMs) : drawn;
}
