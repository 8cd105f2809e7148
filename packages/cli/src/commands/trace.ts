import { styleText } from "node:util";
import type { FailedMessage, TraceNode } from "@reliq/core/recovery";
import { CommandError } from "../command-error.ts";
import { findApi } from "../recovery-client.ts";
import { isLocalRegion } from "../region-client.ts";
import { safeJson, safeLine } from "../safe-text.ts";
import { drawTrace, showDuration } from "../tracing/draw-trace.ts";
import { type FoundTrace, searchOf, traceInRegion, treeOf } from "../tracing/find-trace.ts";
import { gatherSpans } from "../tracing/gather-spans.ts";
import { failureByApi } from "../tracing/known-failures.ts";

interface TraceOptions {
  readonly endpoint: string;
  readonly api?: string;
  readonly json?: boolean;
  /** Ask AWS. */
  readonly aws?: boolean;
  /** How far back to look, seconds. */
  readonly since: number;
}

/** `reliq trace <id>`: the way of a message as a tree, with every attempt, by its id, its lineage, its trace or its request. */
export async function trace(id: string, options: TraceOptions): Promise<void> {
  const local = !options.aws && (await isLocalRegion(options.endpoint));
  const found = await (local ? traceInRegion(id, options) : traceOnAws(id, options));
  const { messageIds, more } = found.gathered;
  const { failure, attempts } = found.known;
  const tree = treeOf(found);
  if (tree.length === 0) throw unknown(id, options, local);
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

async function traceOnAws(id: string, options: TraceOptions): Promise<FoundTrace> {
  const nowMs = Date.now();
  const gathered = await gatherSpans(searchOf(undefined, nowMs, options.since), id, []);
  const api = await findApi(options);
  const ids = [...new Set([id, ...(gathered.messageIds ?? [])])];
  const known = api === undefined ? { attempts: [] } : await failureByApi({ ...options, api }, ids, gathered.spans);
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

function unknown(id: string, { since, endpoint }: TraceOptions, local: boolean): CommandError {
  const where = local ? `The region at ${endpoint}` : "X-Ray";
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
