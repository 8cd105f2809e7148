import { styleText } from "node:util";
import { gatherSpans, type KnownFailure, treeOf } from "@reliq/aws/region";
import type { FailedMessage, TraceNode } from "@reliq/core/recovery";
import { type AskedRegion, askedRegion, localEndpoint, nameOf } from "../asked-region.ts";
import { CommandError } from "../command-error.ts";
import { type ApiOptions, reachableApis, recoveryClient } from "../recovery-client.ts";
import { safeJson, safeLine } from "../safe-text.ts";
import { drawTrace, showDuration } from "../tracing/draw-trace.ts";
import { type FoundTrace, searchOf, traceInRegion } from "../tracing/find-trace.ts";
import { failureByApi } from "../tracing/known-failures.ts";

interface TraceOptions extends ApiOptions {
  /** How far back to look, seconds. */
  readonly since: number;
}

/** `reliq trace <id>`: the way of a message as a tree, with every attempt, by its id, its lineage, its trace or its request. */
export async function trace(id: string, options: TraceOptions): Promise<void> {
  const region = await askedRegion(options);
  const local = await localEndpoint(region);
  const found = await (local === undefined
    ? traceOnAws(id, region, options)
    : traceInRegion(id, { endpoint: local, since: options.since }));
  const { messageIds, more } = found.gathered;
  const { failure, attempts } = found.known;
  const tree = treeOf(found.gathered, found.known);
  if (tree.length === 0) throw unknown(id, options, region, local !== undefined);
  if (options.json) {
    return console.log(
      safeJson({ id, messageIds: [...(messageIds ?? [])], attempts, ...(failure && { failure }), tree, more }),
    );
  }
  console.log(
    [
      heading(id, tree, failure),
      drawTrace(tree, found.nowMs),
      ...(more ? [dim("There are more traces than were read.")] : []),
    ].join("\n"),
  );
}

async function traceOnAws(id: string, region: AskedRegion, { api, since }: TraceOptions): Promise<FoundTrace> {
  const nowMs = Date.now();
  const gathered = await gatherSpans(searchOf(region, nowMs, since), id, []);
  const { urls, trouble } = await reachableApis(region, api);
  if (trouble !== undefined) console.error(dim(trouble));
  const ids = [...new Set([id, ...(gathered.messageIds ?? [])])];
  let known: KnownFailure = { attempts: [] };
  for (const url of urls) {
    if (known.failure === undefined) known = await failureByApi(recoveryClient(region, url), ids, gathered.spans);
  }
  return { gathered, known, nowMs };
}

function heading(id: string, tree: readonly TraceNode[], failure: FailedMessage | undefined): string {
  const flat = tree.flatMap(flatten);
  const startMs = Math.min(...flat.map(({ startMs }) => startMs));
  const endMs = Math.max(...flat.map(({ endMs, startMs }) => endMs ?? startMs));
  const traces = new Set(flat.map(({ traceId }) => traceId).filter((each) => each !== ""));
  const parts = [
    styleText("bold", safeLine(id)),
    new Date(startMs).toISOString(),
    showDuration(endMs - startMs),
    `${traces.size} ${traces.size === 1 ? "trace" : "traces"}`,
    ...(failure ? [`${failure.state} after ${failure.deaths} ${failure.deaths === 1 ? "death" : "deaths"}`] : []),
  ];
  return parts.join(dim(" · "));
}

function flatten({ span, children }: TraceNode): readonly TraceNode["span"][] {
  return [span, ...children.flatMap(flatten)];
}

function unknown(id: string, { since }: TraceOptions, region: AskedRegion, local: boolean): CommandError {
  const where = local ? `The region at ${region.endpoint}` : `X-Ray of ${nameOf(region)}`;
  return new CommandError(
    `${where} knows nothing of ${safeLine(id)} in the last ${showDuration(since * 1_000)}. It takes the id of a message, its lineage, the id of a trace or of a request. ` +
      `Is it older? Look further back with --since 7d. Are its functions traced (tracing: "active"), and was its trace sampled? ` +
      (local
        ? "`reliq queues` shows where messages are, `reliq failures` which have failed."
        : "For what recovery keeps, name its API with --api URL."),
  );
}

function dim(text: string): string {
  return styleText("dim", text);
}
