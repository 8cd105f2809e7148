import type { FlowEdge, FlowNode, RegionFlow } from "@reliq/core/recovery";

/** A node with its place, in pixels. */
export interface PlacedNode extends FlowNode {
  readonly x: number;
  readonly y: number;
}

/** A flow as it is drawn. */
export interface FlowLayout {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly FlowEdge[];
  readonly width: number;
  readonly height: number;
}

/** The size of a node, and the room between two, pixels. */
export const NODE = { width: 152, height: 52, gapX: 44, gapY: 18 } as const;

/**
 * Places what is connected in a system: what nothing leads to stands left, and each other thing one column behind the first that leads to it.
 * Ways back, such as a heal's, change no place.
 */
export function layOutFlow({ nodes, edges }: RegionFlow, system: string): FlowLayout {
  const own = new Map(nodes.filter((node) => node.system === system).map((node) => [node.id, node]));
  const ways = edges.filter(({ from, to }) => own.has(from) && own.has(to));
  const connected = [...own.values()].filter(({ id }) => ways.some(({ from, to }) => from === id || to === id));
  const columns = columnsOf(connected, ways);
  const rows = new Map<number, number>();
  const placed = connected.map((node): PlacedNode => {
    const column = columns.get(node.id) ?? 0;
    const row = rows.get(column) ?? 0;
    rows.set(column, row + 1);
    return { ...node, x: column * (NODE.width + NODE.gapX), y: row * (NODE.height + NODE.gapY) };
  });
  return {
    nodes: placed,
    edges: ways,
    width: Math.max(0, ...placed.map(({ x }) => x + NODE.width)),
    height: Math.max(0, ...placed.map(({ y }) => y + NODE.height)),
  };
}

function columnsOf(nodes: readonly FlowNode[], edges: readonly FlowEdge[]): ReadonlyMap<string, number> {
  const columns = new Map<string, number>();
  const roots = nodes.filter(({ id, kind }) => kind === "api" || !edges.some(({ to }) => to === id));
  const walk = (starts: readonly FlowNode[]): void => {
    let front: readonly string[] = starts.map(({ id }) => id).filter((id) => !columns.has(id));
    for (let column = 0; front.length > 0; column += 1) {
      for (const id of front) columns.set(id, column);
      const next = edges.filter(({ from }) => front.includes(from)).map(({ to }) => to);
      front = [...new Set(next)].filter((id) => !columns.has(id));
    }
  };
  walk(roots);
  // What only a circle leads to begins at its first queue.
  for (const node of nodes) if (!columns.has(node.id)) walk([node]);
  return columns;
}
