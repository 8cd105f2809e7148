import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { Accepted, FirstAnswers } from "../domain/idempotency.ts";

/** The first answers in a table: one write to take a key, with its answer where that is known, and else one to keep it. A key is forgotten after `ttlSeconds`, also where DynamoDB has not deleted it yet. */
export function dynamodbAnswers(client: DynamoDBClient, table: string, ttlSeconds: number): FirstAnswers {
  const nowSeconds = (): number => Math.floor(Date.now() / 1_000);
  return {
    claim: async (key, digest, answer) => {
      const put = new PutItemCommand({
        TableName: table,
        Item: {
          pk: { S: key },
          digest: { S: digest },
          expiresAt: { N: String(nowSeconds() + ttlSeconds) },
          ...(answer && { answer: { S: JSON.stringify(answer) } }),
        },
        ConditionExpression: "attribute_not_exists(pk) OR expiresAt <= :now",
        ExpressionAttributeValues: { ":now": { N: String(nowSeconds()) } },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      try {
        await client.send(put);
        return { digest, ...(answer && { answer }) };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException) || !error.Item) throw error;
        const first = readAnswer(error.Item);
        return { digest: error.Item["digest"]?.S ?? "", ...(first && { answer: first }) };
      }
    },
    settle: async (key, answer) => {
      const update = new UpdateItemCommand({
        TableName: table,
        Key: { pk: { S: key } },
        UpdateExpression: "SET answer = if_not_exists(answer, :answer)",
        ExpressionAttributeValues: { ":answer": { S: JSON.stringify(answer) } },
        ReturnValues: "ALL_NEW",
      });
      const { Attributes = {} } = await client.send(update);
      return readAnswer(Attributes) ?? answer;
    },
  };
}

function readAnswer({ answer }: Record<string, AttributeValue>): readonly Accepted[] | undefined {
  return answer?.S === undefined ? undefined : (JSON.parse(answer.S) as readonly Accepted[]);
}
