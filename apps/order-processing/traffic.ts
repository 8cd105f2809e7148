import { randomUUID } from "node:crypto";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { repeat, type Traffic } from "reliq/traffic";
import { serveGateway } from "./gateway/serve-gateway.ts";
import { named, PREFIX } from "./names.ts";

const PRODUCTS = ["p-1", "p-2", "p-3"] as const;

/** An order every five seconds by HTTP, of products that are in stock, paid at a gateway that refuses one payment in ten at first. One in six is a priority order. */
export const traffic: Traffic = async ({ client, output, signal }) => {
  await serveGateway({ refused: 0.1 }, 4580, signal).catch(keepOther);
  await stockUp(new DynamoDBClient(client));
  const url = `${output(PREFIX, "ApiUrl")}/orders`;
  await repeat(5, signal, async (round) => {
    const productId = PRODUCTS[round % PRODUCTS.length];
    const quantity = 1 + (round % 3);
    const order = {
      orderId: randomUUID(),
      customerId: `c-${round % 7}`,
      email: `c-${round % 7}@example.com`,
      items: [{ productId, quantity, unitPrice: 10.5 }],
      totalAmount: quantity * 10.5,
      priority: round % 6 === 5 ? "high" : "normal",
    };
    await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(order),
      signal,
    });
  });
};

/** The gateway that a person has started by hand is as good. */
function keepOther(error: NodeJS.ErrnoException): void {
  if (error.code !== "EADDRINUSE") throw error;
}

/** A warehouse for a day of this; what is there stays as it is. */
async function stockUp(dynamodb: DynamoDBClient): Promise<void> {
  for (const productId of PRODUCTS) {
    const Item = marshall({ productId, available: 50_000, version: 1, lowAt: 100 });
    const once = { TableName: named("stock"), Item, ConditionExpression: "attribute_not_exists(productId)" };
    await dynamodb.send(new PutItemCommand(once)).catch((error: Error) => {
      if (error.name !== "ConditionalCheckFailedException") throw error;
    });
  }
}
