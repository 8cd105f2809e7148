import { unmarshall } from "@aws-sdk/util-dynamodb";
import { producer } from "@reliq/aws";
import type { OutgoingMessage } from "@reliq/core";
import type { DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type { Reservation } from "../domain/stock.ts";
import { tellExpired } from "../domain/tell.ts";
import { need } from "./environment.ts";
import { whileActive } from "./while-active.ts";

const inventory = producer({ queueUrl: need("INVENTORY_QUEUE_URL") });

/** Tells the inventory service of reservations that the table has let go of: their stock goes back. A repeat is the same message. */
export const handler: (event: DynamoDBStreamEvent) => Promise<void> = whileActive(
  async ({ Records }: DynamoDBStreamEvent) => {
    const messages = Records.flatMap(expired);
    if (messages.length > 0) await inventory.send(messages);
  },
  () => undefined,
);

/** Nobody but the table's time to live removes a reservation that is open, here or in the other region. */
function expired({ eventName, dynamodb }: DynamoDBRecord): OutgoingMessage[] {
  if (eventName !== "REMOVE" || !dynamodb?.OldImage) return [];
  const reservation = unmarshall(dynamodb.OldImage as Parameters<typeof unmarshall>[0]) as Reservation;
  return reservation.state === "reserved" ? [tellExpired(reservation).message] : [];
}
