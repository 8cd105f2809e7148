import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { putOnce } from "@reliq/aws";
import type { ProcessorPorts } from "../domain/processor.ts";

/** The effect of an event: its order in a table, written once, with the message that wrote it. */
export function dynamodbOrders(client: DynamoDBClient, table: string): ProcessorPorts["effect"] {
  const put = putOnce(client, table);
  return async (event, { lineage }) => {
    await put({
      orderId: { S: event.orderId },
      amount: { N: String(event.amount) },
      messageId: { S: lineage },
      processedAt: { S: new Date().toISOString() },
    });
  };
}
