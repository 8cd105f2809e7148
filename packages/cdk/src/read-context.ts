import type { Node } from "constructs";

/**
 * Reads keys of an app's context, as `cdk.json` and `-c key=value` give them, and gives back those that are there. `-c` gives texts only, so a
 * list or an object is given as JSON, `-c key='["one","two"]'`, and is read; a text that only begins like one stays a text.
 */
export function readContext(node: Node, keys: readonly string[]): Readonly<Record<string, unknown>> {
  const context = keys.map((key) => [key, parsed(node.tryGetContext(key))] as const);
  return Object.fromEntries(context.filter(([, value]) => value !== undefined));
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
