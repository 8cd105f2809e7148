import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { type ActiveRegion, atFirst } from "../domain/active-region.ts";

const ID = "active";

/** The key of the one item of its table. */
export const ACTIVE_KEY: Readonly<Record<string, { readonly S: string }>> = { id: { S: ID } };

/** Where it is kept which region is active. */
export interface ActiveRegionStore {
  /** Read consistently. */
  readonly read: (signal?: AbortSignal) => Promise<ActiveRegion>;
  /** Gives what is there then: where somebody else was faster, what they have written. */
  readonly write: (after: ActiveRegion, before: ActiveRegion) => Promise<ActiveRegion>;
}

/** Keeps it in a region's replica of the table. @param first the region that is active at first */
export function activeRegionStore(client: DynamoDBClient, TableName: string, first: string): ActiveRegionStore {
  const read = async (abortSignal?: AbortSignal): Promise<ActiveRegion> => {
    const get = new GetItemCommand({ TableName, Key: ACTIVE_KEY, ConsistentRead: true });
    const { Item } = await client.send(get, abortSignal && { abortSignal });
    if (!Item) return atFirst(first);
    const { id: _, ...active } = unmarshall(Item);
    return active as ActiveRegion;
  };
  return {
    read,
    write: async (after, before) => {
      const put = new PutItemCommand({
        TableName,
        Item: marshall({ id: ID, ...after }),
        ConditionExpression: "attribute_not_exists(id) OR (epoch = :epoch AND #region = :region)",
        ExpressionAttributeNames: { "#region": "region" },
        ExpressionAttributeValues: marshall({ ":epoch": before.epoch, ":region": before.region }),
      });
      try {
        await client.send(put);
        return after;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return await read();
      }
    },
  };
}
