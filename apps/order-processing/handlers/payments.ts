import { marshall } from "@aws-sdk/util-dynamodb";
import { lambdaHandler, portsFromEnvironment } from "@reliq/aws";
import { paymentsConsumer } from "../domain/services.ts";
import { need } from "./environment.ts";
import { httpGateway } from "./http-gateway.ts";
import { tellByOutbox } from "./tell-by-outbox.ts";

const table = need("PAYMENT_TABLE");
const payments = paymentsConsumer(httpGateway(need("GATEWAY_URL")), {
  ...tellByOutbox(need("OUTBOX_TABLES")),
  write: ({ orderId, kind, amountCents, method }, answer) => ({
    Put: {
      TableName: table,
      Item: marshall({ orderId, kind, amountCents, method, answer: answer.kind }),
      ConditionExpression: "attribute_not_exists(orderId)",
    },
  }),
});

/** Charges and refunds. */
export const handler: ReturnType<typeof lambdaHandler> = lambdaHandler(payments, portsFromEnvironment());
