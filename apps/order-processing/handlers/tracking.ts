import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { CLIENT_SETTINGS, lambdaHandler } from "@reliq/aws";
import { consumer, redacted } from "@reliq/core";
import { notificationSchema } from "../domain/messages.ts";
import { need } from "./environment.ts";
import { servicePorts } from "./service-ports.ts";

const dynamodb = new DynamoDBClient(CLIENT_SETTINGS);
const TableName = need("TRACKING_TABLE");

const tracking = consumer({
  name: "tracking",
  schema: notificationSchema,
  personalFields: redacted(["email", "phone"]),
  async handle({ orderId, status, because, trackingNumber }, { signal }) {
    // The same status of an order is the same item, however often it is told.
    const Item = marshall({ orderId, status, because, trackingNumber }, { removeUndefinedValues: true });
    await dynamodb.send(new PutItemCommand({ TableName, Item }), { abortSignal: signal });
  },
});

/** Writes down for the shop's own tools which status each order has had. */
export const handler: ReturnType<typeof lambdaHandler> = lambdaHandler(tracking, servicePorts());
