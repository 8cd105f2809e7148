import type { Outcome } from "./outcome.ts";

/** What the last line of an invocation tells. */
export interface Measures {
  readonly durationMs: number;
  /** How long the environment took to start; only on its first invocation. */
  readonly initMs?: number;
  readonly memoryMb: number;
  readonly memoryLimitMb: number;
}

/** The line that opens an invocation's log. */
export function startLine(requestId: string, atMs: number, json: boolean): string {
  if (!json) return `START RequestId: ${requestId} Version: $LATEST`;
  return platformLine("platform.start", atMs, { requestId, version: "$LATEST" });
}

/** The lines that close an invocation's log (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html). */
export function endLines(
  requestId: string,
  atMs: number,
  outcome: Outcome,
  measures: Measures,
  json: boolean,
): string[] {
  const told = failureLine(requestId, atMs, outcome);
  if (json) return [...told, platformReport(requestId, atMs, outcome, measures)];
  return [...told, `END RequestId: ${requestId}`, reportLine(requestId, outcome, measures)];
}

function failureLine(requestId: string, atMs: number, outcome: Outcome): string[] {
  if (outcome.kind === "success" || outcome.kind === "error") return [];
  const { errorType, errorMessage } = outcome.error;
  if (outcome.kind !== "timeout") return [`${withRequestId(requestId, errorMessage)}\n${errorType}`];
  return [`${new Date(atMs).toISOString()} ${requestId} ${errorMessage.replace(/^.*Error: /, "")}`];
}

function withRequestId(requestId: string, message: string): string {
  return message.startsWith("RequestId: ") ? message : `RequestId: ${requestId} Error: ${message}`;
}

function reportLine(requestId: string, outcome: Outcome, measures: Measures): string {
  const { durationMs, initMs, memoryMb, memoryLimitMb } = measures;
  return [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${billedMs(measures)} ms`,
    `Memory Size: ${memoryLimitMb} MB`,
    `Max Memory Used: ${memoryMb} MB`,
    ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
    ...reportStatus(outcome),
    "",
  ].join("\t");
}

function reportStatus(outcome: Outcome): string[] {
  if (outcome.kind === "success" || outcome.kind === "error") return [];
  return outcome.kind === "timeout" ? ["Status: timeout"] : ["Status: error", `Error Type: ${outcome.error.errorType}`];
}

function platformReport(requestId: string, atMs: number, outcome: Outcome, measures: Measures): string {
  const { durationMs, initMs, memoryMb, memoryLimitMb } = measures;
  const status = outcome.kind === "success" || outcome.kind === "timeout" ? outcome.kind : "error";
  return platformLine("platform.report", atMs, {
    requestId,
    status,
    ...(outcome.kind !== "success" && { errorType: outcome.error.errorType }),
    metrics: {
      durationMs: Number(durationMs.toFixed(3)),
      billedDurationMs: billedMs(measures),
      memorySizeMB: memoryLimitMb,
      maxMemoryUsedMB: memoryMb,
      ...(initMs !== undefined && { initDurationMs: Number(initMs.toFixed(3)) }),
    },
  });
}

/** Lambda bills the start of an environment too (since August 2025). */
function billedMs({ durationMs, initMs }: Measures): number {
  return Math.ceil(durationMs + (initMs ?? 0));
}

function platformLine(type: string, atMs: number, record: Record<string, unknown>): string {
  return JSON.stringify({ time: new Date(atMs).toISOString(), type, record });
}
