import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CLIENT_SETTINGS, lambdaHandler } from "@reliq/aws";
import { inventoryConsumer } from "../domain/services.ts";
import { dynamodbStock } from "./dynamodb-stock.ts";
import { need } from "./environment.ts";
import { servicePorts } from "./service-ports.ts";
import { tellByOutbox } from "./tell-by-outbox.ts";
import { twoRegions } from "./two-regions.ts";
import { refuseBatch, whileActive } from "./while-active.ts";

const regions = twoRegions();
const tables = {
  stock: need("STOCK_TABLE"),
  reservations: need("RESERVATION_TABLE"),
  reservedSeconds: Number(need("RESERVATION_SECONDS")),
  ...(regions && { regions: { table: need("REGIONS_TABLE"), here: regions.here } }),
};
const store = dynamodbStock(new DynamoDBClient(CLIENT_SETTINGS), tables, tellByOutbox(need("OUTBOX_TABLES")));

/** Reserves, keeps and gives back stock, in the order of its group. */
export const handler: ReturnType<typeof lambdaHandler> = whileActive(
  lambdaHandler(inventoryConsumer(store), servicePorts()),
  refuseBatch,
  regions,
);
