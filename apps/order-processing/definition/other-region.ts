import { ReliqError } from "@reliq/core";
import type { Configuration, Replicated } from "../configuration.ts";

/** The other of the two regions in which the system runs, as seen from where a stack is. */
export interface OtherRegion {
  readonly name: string;
  /** The region that is active until somebody takes over; undefined where that is the stack's own. */
  readonly first?: string;
  /** In the second region: what the first has made. */
  readonly replicated?: Replicated;
  readonly acknowledge: "both" | "one";
  /** Where DynamoDB answers there. @default as AWS does */
  readonly endpoint?: string;
}

/** The other region, by the configuration; undefined where the system runs in one. */
export function otherRegion(configuration: Configuration): OtherRegion | undefined {
  const { secondRegion, firstRegion, replicated, acknowledge, otherEndpoint } = configuration;
  const name = secondRegion ?? firstRegion;
  if (name === undefined) return undefined;
  const common = { name, acknowledge, ...(otherEndpoint !== undefined && { endpoint: otherEndpoint }) };
  if (firstRegion === undefined) return common;
  if (!replicated) throw new ReliqError("configuration", "cdk.json: `firstRegion` needs `replicated`.");
  return { ...common, first: firstRegion, replicated };
}
