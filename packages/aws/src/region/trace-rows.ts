import type { Span, TraceNode } from "@reliq/core/recovery";

/** A line of a drawn tree. */
interface TraceRow {
  /** 0 for a root. */
  readonly depth: number;
  /** What stands before the name in a text: `│ └ `. */
  readonly lead: string;
  /** What the span is, in words. */
  readonly name: string;
  readonly span: Span;
}

/** A tree's lines, in the order in which they are drawn. */
export function traceRows(roots: readonly TraceNode[]): readonly TraceRow[] {
  return roots.flatMap((root) => rowsOf(root, 0, "", ""));
}

function rowsOf({ span, children }: TraceNode, depth: number, lead: string, indent: string): readonly TraceRow[] {
  const shown = gathered(children);
  const inside = shown.flatMap((child, index) => {
    const last = index === shown.length - 1;
    return rowsOf(child, depth + 1, `${indent}${last ? "└ " : "├ "}`, `${indent}${last ? "  " : "│ "}`);
  });
  return [{ depth, lead, name: nameOf(span), span }, ...inside];
}

/** Calls of one service in a row, of which nothing came and none failed, are one: what a function does for itself hides nobody's way. */
function gathered(nodes: readonly TraceNode[]): readonly TraceNode[] {
  const shown: { node: TraceNode; calls: number; operations: Set<string> }[] = [];
  for (const node of nodes) {
    const before = shown.at(-1);
    if (!before || !isQuietCall(node) || !isQuietCall(before.node) || node.span.name !== before.node.span.name) {
      shown.push({ node, calls: 1, operations: new Set([node.span.operation ?? ""]) });
      continue;
    }
    const { span } = before.node;
    const endMs = Math.max(span.endMs ?? span.startMs, node.span.endMs ?? node.span.startMs);
    before.node = { ...before.node, span: { ...span, endMs } };
    before.calls += 1;
    before.operations.add(node.span.operation ?? "");
  }
  return shown.map(({ node, calls, operations }) =>
    calls === 1 ? node : { ...node, span: { ...node.span, operation: `${[...operations].join(", ")} ×${calls}` } },
  );
}

function isQuietCall({ span, children }: TraceNode): boolean {
  return span.origin === "AWS::Service" && span.endMs !== undefined && !span.failure && children.length === 0;
}

/** What a span is, in words. */
function nameOf({ name, origin, operation, annotations }: Span): string {
  const receive = Number(annotations["receive_count"] ?? 1);
  switch (origin) {
    case "AWS::SQS::Queue":
      return `${name}: waits${receive > 1 ? ` (receive ${receive})` : ""}`;
    case "AWS::Lambda::Function":
      return `${name} (function)`;
    case "AWS::ApiGateway::HttpApi":
      return `${operation ?? "request"} (${name})`;
    case "AWS::Events::Rule":
    case "AWS::SNS::Topic":
      return `${name} ${operation ?? ""}`.trim();
    case "AWS::Service":
      return `${name} ${operation ?? ""}`.trim();
    default:
      return receive > 1 && name.startsWith("process ") ? `${name} (receive ${receive})` : name;
  }
}
