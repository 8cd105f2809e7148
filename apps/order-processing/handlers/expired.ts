import { unmarshall } from "@aws-sdk/util-dynamodb";
import { producer } from "@reliq/aws";
import type { OutgoingMessage } from "@reliq/core";
import type { DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type { Reservation } from "../domain/stock.ts";
import { tellCount, tellExpired } from "../domain/tell.ts";
import { need } from "./environment.ts";
import { whileActive } from "./while-active.ts";

const inventory = producer({ queueUrl: need("INVENTORY_QUEUE_URL") });

/**
 * Tells the inventory service of reservations that the table has let go of: their stock goes back; and of those that another region has written, which come while this one is
 * active: their stock may not be counted. A repeat is the same message.
 */
export const handler: (event: DynamoDBStreamEvent) => Promise<void> = whileActive(
  async ({ Records }: DynamoDBStreamEvent) => {
    const messages = Records.flatMap((record) => [...expired(record), ...cameLate(record)]);
    if (messages.length > 0) await inventory.send(messages);
  },
  () => undefined,
);

/** Nobody but the table's time to live removes a reservation that is open, here or in the other region. */
function expired({ eventName, dynamodb }: DynamoDBRecord): OutgoingMessage[] {
  if (eventName !== "REMOVE" || !dynamodb?.OldImage) return [];
  const reservation = reservationIn(dynamodb.OldImage);
  return reservation.state === "reserved" ? [tellExpired(reservation).message] : [];
}

interface WrittenReservation extends Reservation {
  /** The region that has written it, where there are two. */
  readonly by?: string;
}

function cameLate({ dynamodb }: DynamoDBRecord): OutgoingMessage[] {
  if (!dynamodb?.NewImage) return [];
  const reservation = reservationIn(dynamodb.NewImage);
  const { by = process.env["AWS_REGION"] } = reservation;
  return by === process.env["AWS_REGION"] ? [] : [tellCount(reservation).message];
}

/** The types of the event and of the SDK write the same item. */
function reservationIn(image: object): WrittenReservation {
  return unmarshall(image as Parameters<typeof unmarshall>[0]) as WrittenReservation;
}
