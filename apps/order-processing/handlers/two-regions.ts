import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type ActiveRegionStore, activeRegionStore } from "./active-region.ts";
import { need } from "./environment.ts";

/** This region and the other one. */
export interface TwoRegions {
  readonly here: string;
  readonly other: string;
  readonly client: DynamoDBClient;
  readonly otherClient: DynamoDBClient;
  /** Which region is active, as this region knows it. */
  readonly active: ActiveRegionStore;
  /** The same, as the other region knows it. */
  readonly otherActive: ActiveRegionStore;
  readonly acknowledge: "both" | "one";
}

/** The two regions of the system; undefined where it runs in one. */
export function twoRegions(): TwoRegions | undefined {
  if (process.env["OTHER_REGION"] === undefined) return undefined;
  const [other, table, first] = [need("OTHER_REGION"), need("REGIONS_TABLE"), need("FIRST_REGION")];
  const endpoint = process.env["OTHER_ENDPOINT"];
  const client = new DynamoDBClient({});
  const otherClient = new DynamoDBClient({
    region: other,
    maxAttempts: 2,
    ...(endpoint !== undefined && { endpoint }),
  });
  return {
    here: need("AWS_REGION"),
    other,
    client,
    otherClient,
    active: activeRegionStore(client, table, first),
    otherActive: activeRegionStore(otherClient, table, first),
    acknowledge: process.env["ACKNOWLEDGE"] === "one" ? "one" : "both",
  };
}
