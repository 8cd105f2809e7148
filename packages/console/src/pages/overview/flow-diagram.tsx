import type { ReactElement } from "react";
import type { FlowEdge, FlowNode, LiveFacts, RegionFlow } from "../../contract/region.ts";
import { type FlowLayout, layOutFlow, NODE, type PlacedNode } from "./flow-layout.ts";

/** Characters that fit into a node. */
const LONGEST_NAME = 25;

const KINDS: Readonly<Record<FlowNode["kind"], string>> = {
  api: "API",
  deadLetterQueue: "dead-letter queue",
  function: "function",
  queue: "queue",
  topic: "topic",
};

interface FlowDiagramProps {
  readonly system: string;
  readonly flow: RegionFlow;
  readonly facts: LiveFacts | undefined;
}

/** How messages go in a system, as it is deployed, with what waits in each queue now. */
export function FlowDiagram({ system, flow, facts }: FlowDiagramProps): ReactElement | null {
  const layout = layOutFlow(flow, system);
  if (layout.nodes.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard (axe: scrollable-region-focusable)
    <section className="flow" aria-label={`Flow of ${system}`} tabIndex={0}>
      <svg
        role="img"
        aria-label={describeFlow(layout)}
        width={layout.width + 8}
        height={layout.height + 8}
        viewBox={`-4 -4 ${layout.width + 8} ${layout.height + 8}`}
      >
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 0 8 4 0 8z" className="flow-arrow" />
          </marker>
        </defs>
        {layout.edges.map((edge) => (
          <EdgePath key={`${edge.from} ${edge.to} ${edge.kind}`} edge={edge} layout={layout} />
        ))}
        {layout.nodes.map((node) => (
          <NodeBox key={node.id} node={node} facts={facts} />
        ))}
      </svg>
    </section>
  );
}

function NodeBox({ node, facts }: { readonly node: PlacedNode; readonly facts: LiveFacts | undefined }): ReactElement {
  const { kind, name, x, y } = node;
  const shown = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
  const holds = depthOf(node, facts);
  return (
    <g transform={`translate(${x} ${y})`} className={`flow-node flow-${kind}`}>
      <title>{name}</title>
      <rect width={NODE.width} height={NODE.height} rx="8" />
      <text x="12" y="21">
        {shown}
      </text>
      <text x="12" y="40" className="flow-kind">
        {KINDS[kind]}
        {holds === undefined ? "" : `: ${holds.toLocaleString("en")} in it`}
      </text>
    </g>
  );
}

/** What a queue holds; undefined for what is none. */
function depthOf({ kind, name }: FlowNode, facts: LiveFacts | undefined): number | undefined {
  if (kind === "deadLetterQueue") {
    return facts?.queues.find(({ deadLetterQueue }) => deadLetterQueue === name)?.account.deadLettered;
  }
  const account = kind === "queue" ? facts?.queues.find(({ queue }) => queue === name)?.account : undefined;
  return account && account.waiting + account.inFlight;
}

function EdgePath({ edge, layout }: { readonly edge: FlowEdge; readonly layout: FlowLayout }): ReactElement | null {
  const [from, to] = [edge.from, edge.to].map((id) => layout.nodes.find((node) => node.id === id));
  if (!from || !to) return null;
  const middle = NODE.height / 2;
  const goesOn = to.x > from.x;
  const [startX, startY] = [
    goesOn ? from.x + NODE.width : from.x + NODE.width / 2,
    from.y + (goesOn ? middle : NODE.height),
  ];
  const [endX, endY] = [goesOn ? to.x : to.x + NODE.width / 2, to.y + (goesOn ? middle : NODE.height)];
  const bend = goesOn ? Math.max(30, (endX - startX) / 2) : 0;
  const drop = goesOn ? 0 : 14;
  const d = `M${startX} ${startY} C${startX + bend} ${startY + drop} ${endX - bend} ${endY + drop} ${endX} ${endY}`;
  return <path d={d} className={`flow-edge flow-${edge.kind}`} markerEnd="url(#arrow)" />;
}

function describeFlow({ nodes, edges }: FlowLayout): string {
  const nameOf = (id: string): string => nodes.find((node) => node.id === id)?.name ?? id;
  return edges.map(({ from, to, kind }) => `${nameOf(from)} ${kind} to ${nameOf(to)}`).join("; ");
}
