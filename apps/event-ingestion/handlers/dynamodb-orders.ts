import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { ProcessorPorts } from "../domain/processor.ts";

/** The effect of an event: its order in a table, written once, with the message that wrote it. */
export function dynamodbOrders(client: DynamoDBClient, table: string): ProcessorPorts["effect"] {
  return async (event, { messageId }) => {
    const put = new PutItemCommand({
      TableName: table,
      Item: {
        orderId: { S: event.orderId },
        amount: { N: String(event.amount) },
        messageId: { S: messageId },
        processedAt: { S: new Date().toISOString() },
      },
      ConditionExpression: "attribute_not_exists(orderId)",
    });
    try {
      await client.send(put);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  };
}
