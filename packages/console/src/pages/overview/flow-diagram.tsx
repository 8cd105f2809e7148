import type { FlowEdge, FlowNode, RegionFlow } from "@reliq/core/recovery";
import type { ReactElement } from "react";
import { DeathMark, deathsOn, type SystemFacts } from "./flow-deaths.tsx";
import { type FlowLayout, layOutFlow, NODE, type PlacedNode } from "./flow-layout.ts";

/** Room below for the ways back, pixels. */
const BACK = 44;

/** Characters that fit into a node. */
const LONGEST_NAME = 18;

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
  readonly facts: SystemFacts;
}

/** How messages go in a system, as it is deployed, with what waits in each queue now and how many died on each way. */
export function FlowDiagram({ system, flow, facts }: FlowDiagramProps): ReactElement | null {
  const layout = layOutFlow(flow, system);
  if (layout.nodes.length === 0) return null;
  const prefix = prefixOf(layout.nodes.map(({ name }) => name));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard (axe: scrollable-region-focusable)
    <section className="flow" aria-label={`Flow of ${system}`} tabIndex={0}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset holds no drawing, and an image would hide the links in this one */}
      <svg
        role="group"
        aria-label={describeFlow(layout)}
        width={layout.width + 8}
        height={layout.height + BACK}
        viewBox={`-4 -4 ${layout.width + 8} ${layout.height + BACK}`}
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
          <NodeBox key={node.id} node={node} prefix={prefix} facts={facts} />
        ))}
        {layout.edges.map((edge) => (
          <EdgeDeaths key={`${edge.from} ${edge.to}`} edge={edge} layout={layout} facts={facts} />
        ))}
      </svg>
    </section>
  );
}

interface NodeBoxProps {
  readonly node: PlacedNode;
  /** What its name begins with, as others' do: it is not repeated. */
  readonly prefix: string;
  readonly facts: SystemFacts;
}

function NodeBox({ node, prefix, facts }: NodeBoxProps): ReactElement {
  const { kind, name, x, y } = node;
  const own = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  const shown = own.length > LONGEST_NAME ? `${own.slice(0, LONGEST_NAME - 1)}…` : own;
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
        {holds === undefined ? "" : `: ${holds.toLocaleString("en")}`}
      </text>
    </g>
  );
}

/** The words that most of the names begin with, up to a hyphen. */
function prefixOf(names: readonly string[]): string {
  const prefixes = names.flatMap((name) => [...name.matchAll(/-/g)].map(({ index }) => name.slice(0, index + 1)));
  const common = prefixes.filter((prefix) => names.filter((name) => name.startsWith(prefix)).length * 2 > names.length);
  return common.toSorted((a, b) => b.length - a.length)[0] ?? "";
}

/** What a queue holds; undefined for what is none. */
function depthOf({ kind, name }: FlowNode, facts: SystemFacts): number | undefined {
  if (kind === "deadLetterQueue") {
    return facts.queues.find(({ deadLetterQueue }) => deadLetterQueue === name)?.account.deadLettered;
  }
  const account = kind === "queue" ? facts.queues.find(({ queue }) => queue === name)?.account : undefined;
  return account && account.waiting + account.inFlight;
}

interface EdgeProps {
  readonly edge: FlowEdge;
  readonly layout: FlowLayout;
}

/** In the middle of its way. */
function EdgeDeaths({ edge, layout, facts }: EdgeProps & { readonly facts: SystemFacts }): ReactElement | null {
  const [from, to] = endsOf(edge, layout);
  const deaths = from && deathsOn(edge, from, facts);
  if (!from || !to || !deaths) return null;
  const x = to.x > from.x ? (from.x + NODE.width + to.x) / 2 : (from.x + to.x + NODE.width) / 2;
  const y = to.x > from.x ? (from.y + to.y + NODE.height) / 2 : layout.height + BACK * 0.5;
  return <DeathMark deaths={deaths} x={x} y={y} />;
}

function endsOf({ from, to }: FlowEdge, { nodes }: FlowLayout): readonly (PlacedNode | undefined)[] {
  return [from, to].map((id) => nodes.find((node) => node.id === id));
}

function EdgePath({ edge, layout }: EdgeProps): ReactElement | null {
  const [from, to] = endsOf(edge, layout);
  if (!from || !to) return null;
  const d = pathOf(from, to, layout.height);
  return <path d={d} className={`flow-edge flow-${edge.kind}`} markerEnd="url(#arrow)" />;
}

/** On from side to side; back below everything else, where it crosses nothing. */
function pathOf(from: PlacedNode, to: PlacedNode, height: number): string {
  const middle = NODE.height / 2;
  if (to.x > from.x) {
    const [startX, startY, endX, endY] = [from.x + NODE.width, from.y + middle, to.x, to.y + middle];
    const bend = (endX - startX) / 2;
    return `M${startX} ${startY} C${startX + bend} ${startY} ${endX - bend} ${endY} ${endX} ${endY}`;
  }
  const [startX, startY] = [from.x + NODE.width * 0.35, from.y + NODE.height];
  const [endX, endY] = [to.x + NODE.width * 0.65, to.y + NODE.height];
  const lane = height + BACK * 0.75;
  return `M${startX} ${startY} C${startX} ${lane} ${endX} ${lane} ${endX} ${endY}`;
}

function describeFlow({ nodes, edges }: FlowLayout): string {
  const nameOf = (id: string): string => nodes.find((node) => node.id === id)?.name ?? id;
  return edges.map(({ from, to, kind }) => `${nameOf(from)} ${kind} to ${nameOf(to)}`).join("; ");
}
