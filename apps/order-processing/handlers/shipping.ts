import { marshall } from "@aws-sdk/util-dynamodb";
import { lambdaHandler } from "@reliq/aws";
import { shippingConsumer } from "../domain/services.ts";
import { need } from "./environment.ts";
import { httpCarrier } from "./http-carrier.ts";
import { servicePorts } from "./service-ports.ts";
import { tellByOutbox } from "./tell-by-outbox.ts";
import { refuseBatch, whileActive } from "./while-active.ts";

const table = need("SHIPMENT_TABLE");

const shipping = shippingConsumer(httpCarrier(need("CARRIER_URL")), {
  ...tellByOutbox(need("OUTBOX_TABLES")),
  write: ({ orderId, customerId, items }, trackingNumber) => ({
    Put: { TableName: table, Item: marshall({ orderId, customerId, items, trackingNumber }) },
  }),
});

/** Ships what is paid. */
export const handler: ReturnType<typeof lambdaHandler> = whileActive(
  lambdaHandler(shipping, servicePorts()),
  refuseBatch,
);
