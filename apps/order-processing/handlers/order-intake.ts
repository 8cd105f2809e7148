import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { isActive } from "../domain/active-region.ts";
import type { Incoming, KeepOrder, Refusal } from "../domain/keep-order.ts";
import type { TwoRegions } from "./two-regions.ts";

/** How long the other region may take to have an order, milliseconds; then it is not acknowledged. */
const LONGEST_MS = 2_500;

/** How long it is kept, seconds: longer than any queue keeps its message, and longer than an order takes. */
const KEPT_SECONDS = 30 * 86_400;

/**
 * Keeps each order in the intake of this region, and with `acknowledge: "both"` in the other's, unless that one is lost. The other region is asked after the
 * write who is active: an order that it has and this region acknowledges was there before any takeover, which finds it.
 */
export function orderIntake(regions: TwoRegions, table: string): KeepOrder {
  const { here, other, client, otherClient, active, otherActive, acknowledge } = regions;
  return async (incoming) => {
    const now = await active.read();
    if (!isActive(now, here, Date.now())) return standby(now.region);
    const signal = AbortSignal.timeout(LONGEST_MS);
    const isInBoth = acknowledge === "both" && !now.isAlone;
    const keepThere = async (): Promise<Refusal | undefined> => {
      const refused = await put(otherClient, table, incoming, signal);
      if (refused) return refused;
      const then = await otherActive.read(signal);
      return then.region === here ? undefined : standby(then.region);
    };
    const kept = await Promise.allSettled([put(client, table, incoming, signal), ...(isInBoth ? [keepThere()] : [])]);
    const lost = kept.findIndex(({ status }) => status === "rejected");
    const refused = kept.flatMap((each) => (each.status === "fulfilled" && each.value ? [each.value] : []));
    if (refused[0]) return refused[0];
    if (lost < 0) return undefined;
    return { statusCode: 503, why: `${lost === 0 ? here : other} does not have it yet: try again` };
  };
}

async function put(
  client: DynamoDBClient,
  TableName: string,
  { orderId, ordered, route, message }: Incoming,
  abortSignal: AbortSignal,
): Promise<Refusal | undefined> {
  const expiresAt = Math.floor(Date.now() / 1_000) + KEPT_SECONDS;
  const command = new PutItemCommand({
    TableName,
    Item: marshall({ orderId, ordered, route, message, expiresAt }, { removeUndefinedValues: true }),
    ConditionExpression: "attribute_not_exists(orderId) OR ordered = :ordered",
    ExpressionAttributeValues: { ":ordered": { S: ordered } },
  });
  try {
    await client.send(command, { abortSignal });
    return undefined;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { statusCode: 409, why: `there is another order ${orderId}: give each order an id of its own` };
  }
}

function standby(active: string): Refusal {
  return { statusCode: 503, why: `this region does not take orders: ${active} does, or will in a moment` };
}
