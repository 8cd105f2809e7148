import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The context of cdk.json, with some of it changed, as the CDK hands it to the app; bundles are not built. */
export function contextWith(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const { context } = JSON.parse(readFileSync(join(import.meta.dirname, "../cdk.json"), "utf8"));
  return { ...context, "aws:cdk:bundling-stacks": [], ...changes };
}
