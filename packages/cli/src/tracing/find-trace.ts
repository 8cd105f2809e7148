import { XRayClient } from "@aws-sdk/client-xray";
import { type GatheredSpans, gatherSpans, idsOfFailure, type KnownFailure, traceCollector } from "@reliq/aws/region";
import type { AskedRegion } from "../asked-region.ts";
import { clientSettings } from "../client-settings.ts";
import { regionStatus } from "../region-client.ts";
import { failureInRegion } from "./known-failures.ts";

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
}

/** Finds the way of a message in a local region, by its id, its lineage, its trace or its request. */
export async function traceInRegion(id: string, { endpoint, since }: RegionTraceOptions): Promise<FoundTrace> {
  const nowMs = Date.parse((await regionStatus(endpoint)).now);
  const first = await failureInRegion(endpoint, [id]);
  const ids = first.failure ? idsOfFailure(first.failure) : [];
  const gathered = await gatherSpans(searchOf({ settings: clientSettings(endpoint) }, nowMs, since), id, ids);
  const all = [...new Set([id, ...ids, ...(gathered.messageIds ?? [])])];
  return { gathered, known: all.length > 1 ? await failureInRegion(endpoint, all) : first, nowMs };
}

/** Where and when spans are looked for. */
export function searchOf(
  { settings }: Pick<AskedRegion, "settings">,
  nowMs: number,
  since: number,
): Parameters<typeof gatherSpans>[0] {
  // What has just begun can be a little ahead of this clock.
  return { collector: traceCollector(new XRayClient(settings)), fromMs: nowMs - since * 1_000, toMs: nowMs + 60_000 };
}
