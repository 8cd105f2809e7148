import type { DeployedResource } from "@reliq/local";
import { deployedResources } from "./region-client.ts";

/** The value of a variable, and the stack whose functions have it. */
interface RegionVariable {
  readonly system: string;
  readonly value: string;
}

/** What the region's functions have in a variable of their environment, such as the name of a table; each value once. */
export async function regionVariables(endpoint: string, variable: string): Promise<readonly RegionVariable[]> {
  const functions = await deployedResources(endpoint, ["AWS::Lambda::Function"]);
  const found = new Map<string, RegionVariable>();
  for (const each of functions) {
    const value = variablesOf(each)[variable];
    if (typeof value === "string" && !found.has(value)) found.set(value, { system: each.stack, value });
  }
  return [...found.values()];
}

/** The variables of a function's environment; none of what is no function. */
export function variablesOf({ properties }: DeployedResource): Readonly<Record<string, unknown>> {
  const { Variables = {} } = (properties["Environment"] ?? {}) as { readonly Variables?: Record<string, unknown> };
  return Variables;
}
