/** An order in which each name comes after those that it needs, or the names that need each other in a circle. */
export type CreationOrder = { readonly order: readonly string[] } | { readonly cycle: readonly string[] };

/**
 * Puts names in an order that respects what each one needs. Names keep the given order where nothing else is asked for,
 * and a need that is not among the names is passed over.
 */
export function creationOrder(needs: ReadonlyMap<string, Iterable<string>>): CreationOrder {
  const order: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (name: string): readonly string[] | undefined => {
    if (done.has(name)) return undefined;
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    path.push(name);
    for (const need of needs.get(name) ?? []) {
      const cycle = needs.has(need) ? visit(need) : undefined;
      if (cycle) return cycle;
    }
    path.pop();
    done.add(name);
    order.push(name);
    return undefined;
  };
  for (const name of needs.keys()) {
    const cycle = visit(name);
    if (cycle) return { cycle };
  }
  return { order };
}
