import { unmarshall } from "@aws-sdk/util-dynamodb";
import { producer } from "@reliq/aws";
import type { OutgoingMessage } from "@reliq/core";
import type { DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type { InventoryMessage } from "../domain/messages.ts";
import type { Reservation } from "../domain/stock.ts";
import { groupOf } from "../domain/tell.ts";
import { need } from "./environment.ts";

const inventory = producer({ queueUrl: need("INVENTORY_QUEUE_URL") });

/** Tells the inventory service of reservations that the table has let go of: their stock goes back. A repeat is the same message. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<void> {
  const messages = Records.flatMap(expired);
  if (messages.length > 0) await inventory.send(messages);
}

function expired({ eventName, dynamodb, ...record }: DynamoDBRecord): OutgoingMessage[] {
  const byTimeToLive = "userIdentity" in record && eventName === "REMOVE";
  if (!byTimeToLive || !dynamodb?.OldImage) return [];
  const { orderId, state, items } = unmarshall(dynamodb.OldImage as Parameters<typeof unmarshall>[0]) as Reservation;
  if (state !== "reserved") return [];
  const body: InventoryMessage = { kind: "expire", orderId, items: [...items], partial: false };
  return [{ body: JSON.stringify(body), groupId: groupOf(items), deduplicationId: `${orderId}#expire` }];
}
