import type { ShownSpan, ShownTrace } from "@reliq/core/recovery";
import type { ReactElement } from "react";
import { inertText } from "../../format/inert.ts";
import { formatDuration, formatTime } from "../../format/time.ts";

/** The least of a bar, of the hundred that the whole time line is. */
const LEAST_BAR = 0.7;

/** How far a level is indented, and how many are, pixels. */
const INDENT = 16;
const DEEPEST_INDENT = 10;

/** A tree of spans: what happened, how long it took, when in the whole, and why it failed. */
export function TraceTree({ trace: { spans, nowMs } }: { readonly trace: ShownTrace }): ReactElement {
  const startMs = Math.min(...spans.map((span) => span.startMs));
  // What is not over makes the line no longer: what happened before would be too small to be seen.
  const endMs = Math.max(...spans.map((span) => span.endMs ?? span.startMs), startMs + 1);
  return (
    <table className="trace">
      <caption>From {formatTime(startMs)}, each below what led to it.</caption>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Took</th>
          <th scope="col">When</th>
        </tr>
      </thead>
      <tbody>
        {spans.map((span, index) => {
          const key = `${index} ${span.name}`;
          return <SpanRow key={key} span={span} startMs={startMs} endMs={endMs} nowMs={nowMs} />;
        })}
      </tbody>
    </table>
  );
}

interface SpanRowProps {
  readonly span: ShownSpan;
  /** The time line of the whole, milliseconds since the Unix epoch. */
  readonly startMs: number;
  readonly endMs: number;
  readonly nowMs: number;
}

function SpanRow({ span, startMs, endMs, nowMs }: SpanRowProps): ReactElement {
  const { depth, name, kind, failure } = span;
  const until = span.endMs ?? Math.max(nowMs, span.startMs);
  const place = (atMs: number): number => Math.min(100, ((atMs - startMs) / (endMs - startMs)) * 100);
  const x = Math.min(100 - LEAST_BAR, place(span.startMs));
  const took = span.endMs === undefined ? "unfinished" : formatDuration(span.endMs - span.startMs);
  return (
    <tr className={failure ? "trace-failed" : `trace-${kind}`}>
      <th scope="row" style={{ paddingInlineStart: Math.min(depth, DEEPEST_INDENT) * INDENT }}>
        {inertText(name)}
        {failure && <span className="trace-why">✗ {inertText([failure.type, failure.message].join(": "))}</span>}
      </th>
      <td className="trace-took">{took}</td>
      <td>
        <svg className="trace-line" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
          <rect
            className={span.endMs === undefined ? "trace-bar trace-open" : "trace-bar"}
            x={x}
            width={Math.max(LEAST_BAR, place(until) - x)}
            height="10"
          />
        </svg>
      </td>
    </tr>
  );
}
