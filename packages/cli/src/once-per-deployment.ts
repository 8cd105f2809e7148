import type { RegionStatus } from "@reliq/local";

/** Reads what only a deployment changes: again only where the region's stacks are others than before. */
export function oncePerDeployment<Value>(
  read: () => Promise<Value>,
): (stacks: RegionStatus["stacks"]) => Promise<Value> {
  let known: { readonly deployment: string; readonly value: Value } | undefined;
  return async (stacks) => {
    const deployment = JSON.stringify(stacks);
    if (known?.deployment !== deployment) known = { deployment, value: await read() };
    return known.value;
  };
}
