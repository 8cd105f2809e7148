import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { SNSEvent } from "aws-lambda";
import { need } from "./environment.ts";

const dynamodb = new DynamoDBClient({});
const TableName = need("RESTOCK_TABLE");

/** Writes down what has become low, for whoever buys: one line a product, however often it is told. */
export async function handler({ Records }: SNSEvent): Promise<void> {
  for (const { Sns } of Records) {
    const { productId, available } = JSON.parse(Sns.Message) as { productId: string; available: number };
    const Item = marshall({ productId, available, since: Sns.Timestamp });
    await dynamodb.send(new PutItemCommand({ TableName, Item }));
  }
}
