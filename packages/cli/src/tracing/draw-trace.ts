import { styleText } from "node:util";
import { traceRows } from "@reliq/aws/region";
import type { Span, TraceNode } from "@reliq/core/recovery";
import { safeLine } from "../safe-text.ts";

/** How wide a drawing is, characters: names at least and at most, and the time line. */
const LEAST_NAME_WIDTH = 40;
const MOST_NAME_WIDTH = 84;
const LINE_WIDTH = 32;

type Colour = "blue" | "cyan" | "gray" | "green" | "magenta" | "red" | "yellow";

interface Scale {
  readonly startMs: number;
  readonly lengthMs: number;
  readonly nameWidth: number;
  readonly nowMs: number;
}

/** A tree as indented lines: name, duration, a bar on the time line of the whole, and why it failed. */
export function drawTrace(roots: readonly TraceNode[], nowMs: number): string {
  const rows = traceRows(roots).map(({ lead, name, span }) => ({ label: `${lead}${name}`, span }));
  const startMs = Math.min(...rows.map(({ span }) => span.startMs));
  const endMs = Math.max(...rows.map(({ span }) => span.endMs ?? Math.min(nowMs, span.startMs)));
  const longest = Math.max(...rows.map(({ label }) => label.length));
  const nameWidth = Math.min(MOST_NAME_WIDTH, Math.max(LEAST_NAME_WIDTH, longest));
  const scale = { startMs, lengthMs: Math.max(1, endMs - startMs), nameWidth, nowMs };
  return rows.map((row) => drawRow(row, scale)).join("\n");
}

function drawRow(
  { label, span }: { readonly label: string; readonly span: Span },
  { startMs, lengthMs, nameWidth, nowMs }: Scale,
): string {
  const colour = colourOf(span);
  const name = safeLine(label, nameWidth).padEnd(nameWidth);
  const endMs = span.endMs ?? nowMs;
  const from = clamp(Math.floor(((span.startMs - startMs) / lengthMs) * LINE_WIDTH), LINE_WIDTH - 1);
  const to = clamp(Math.ceil(((endMs - startMs) / lengthMs) * LINE_WIDTH), LINE_WIDTH);
  const bar = (span.endMs === undefined ? "░" : "█").repeat(Math.max(1, to - from));
  const line = `${" ".repeat(from)}${bar}`.slice(0, LINE_WIDTH).padEnd(LINE_WIDTH);
  const text = `${styleText(colour === "red" ? "red" : "reset", name)} ${durationOf(span).padStart(9)} ${styleText(colour, line)}`;
  return `${text} ${whyOf(span)}`.trimEnd();
}

function clamp(place: number, most: number): number {
  return Math.max(0, Math.min(most, place));
}

function durationOf({ startMs, endMs }: Span): string {
  return endMs === undefined ? "unfinished" : showDuration(Math.max(0, endMs - startMs));
}

/** A duration as a person reads it: `12 ms`, `3.4 s`, `5 m 20 s`. */
export function showDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 120) return `${minutes} m ${Math.round((ms % 60_000) / 1_000)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}

function colourOf({ failure, endMs, origin, namespace }: Span): Colour {
  if (failure) return "red";
  if (endMs === undefined) return "yellow";
  if (origin === "AWS::SQS::Queue") return "gray";
  if (origin === "AWS::Service" || namespace !== undefined) return "cyan";
  if (origin?.startsWith("AWS::Events") || origin?.startsWith("AWS::SNS")) return "magenta";
  return origin === undefined ? "green" : "blue";
}

function whyOf({ failure, endMs }: Span): string {
  if (failure)
    return styleText("red", safeLine(`✗ ${failure.type}${failure.message ? `: ${failure.message}` : ""}`, 100));
  return endMs === undefined ? styleText("yellow", "what did it ended before it did, or it still runs") : "";
}
