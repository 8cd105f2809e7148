import { hash } from "node:crypto";
import { marshall } from "@aws-sdk/util-dynamodb";
import { lambdaHandler, portsFromEnvironment } from "@reliq/aws";
import { type Carrier, shippingConsumer } from "../domain/services.ts";
import { need } from "./environment.ts";
import { tellByOutbox } from "./tell-by-outbox.ts";

const table = need("SHIPMENT_TABLE");

/** The shop sends its parcels itself: a number is made of the order, so that a repeat is the same parcel. */
const ownParcels: Carrier = (_, key) => ({
  trackingNumber: `RQ${hash("sha256", key, "hex").slice(0, 12).toUpperCase()}`,
});

const shipping = shippingConsumer(ownParcels, {
  ...tellByOutbox(need("OUTBOX_TABLES")),
  write: ({ orderId, customerId, items }, trackingNumber) => ({
    Put: { TableName: table, Item: marshall({ orderId, customerId, items, trackingNumber }) },
  }),
});

/** Ships what is paid. */
export const handler: ReturnType<typeof lambdaHandler> = lambdaHandler(shipping, portsFromEnvironment());
