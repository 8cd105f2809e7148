import { type AttributeValue, type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";

/** The orders in the table of the event ingestion. */
export async function readEffects(
  client: DynamoDBClient,
): Promise<readonly { readonly orderId: string; readonly amount: number }[]> {
  const effects: { orderId: string; amount: number }[] = [];
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const scan = new ScanCommand({ TableName: "ingestion-dev-orders", ConsistentRead: true, ExclusiveStartKey });
    const { Items = [], LastEvaluatedKey } = await client.send(scan);
    for (const { orderId, amount } of Items) effects.push({ orderId: orderId?.S ?? "", amount: Number(amount?.N) });
    ExclusiveStartKey = LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return effects;
}

/** What a signed request carries; the local region takes any signature. */
const SIGNED = {
  authorization: `AWS4-HMAC-SHA256 Credential=chaos/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
};

/** Starts a redrive of all that is held longer than a worker may run; a run that is under way goes on. */
export async function redriveAll(api: string): Promise<void> {
  const body = JSON.stringify({ maxMessages: 1_000, minAgeSeconds: 40 });
  const answer = await fetch(`${api}/redrive/start`, { method: "POST", headers: SIGNED, body });
  await answer.body?.cancel();
}
