import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { dynamodbBreakers, lambdaHandler } from "@reliq/aws";
import { decrypted } from "@reliq/core";
import { paymentsConsumer } from "../domain/services.ts";
import { need } from "./environment.ts";
import { fieldEncryption } from "./field-encryption.ts";
import { httpGateway } from "./http-gateway.ts";
import { servicePorts } from "./service-ports.ts";
import { tellByOutbox } from "./tell-by-outbox.ts";

const table = need("PAYMENT_TABLE");
const breakers = dynamodbBreakers(new DynamoDBClient({}), need("RELIQ_JOURNAL_TABLE"));
const payments = paymentsConsumer(httpGateway(need("GATEWAY_URL"), breakers), {
  ...tellByOutbox(need("OUTBOX_TABLES")),
  encryptedFields: decrypted(["cardToken"], fieldEncryption()),
  write: ({ orderId, kind, amountCents, method }, answer) => ({
    Put: {
      TableName: table,
      Item: marshall({ orderId, kind, amountCents, method, answer: answer.kind }),
      ConditionExpression: "attribute_not_exists(orderId)",
    },
  }),
});

/** Charges and refunds. */
export const handler: ReturnType<typeof lambdaHandler> = lambdaHandler(payments, servicePorts());
