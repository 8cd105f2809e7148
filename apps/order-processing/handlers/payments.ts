import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { CLIENT_SETTINGS, dynamodbBreakers, lambdaHandler } from "@reliq/aws";
import { decrypted } from "@reliq/core";
import { paymentsConsumer } from "../domain/services.ts";
import { need } from "./environment.ts";
import { fieldEncryption } from "./field-encryption.ts";
import { httpGateway } from "./http-gateway.ts";
import { servicePorts } from "./service-ports.ts";
import { tellByOutbox } from "./tell-by-outbox.ts";
import { refuseBatch, whileActive } from "./while-active.ts";

const table = need("PAYMENT_TABLE");
const breakers = dynamodbBreakers(new DynamoDBClient(CLIENT_SETTINGS), need("RELIQ_JOURNAL_TABLE"));
const payments = paymentsConsumer(httpGateway(need("GATEWAY_URL"), breakers), {
  ...tellByOutbox(need("OUTBOX_TABLES")),
  encryptedFields: decrypted(["cardToken"], fieldEncryption()),
  write: ({ orderId, kind, amountCents, method }, answer) => ({
    Put: {
      TableName: table,
      Item: marshall({ orderId, kind, amountCents, method, answer: answer.kind }),
      // The same answer may be written once more: by the region that takes over from one that had got it.
      ConditionExpression: "attribute_not_exists(orderId) OR answer = :answer",
      ExpressionAttributeValues: { ":answer": { S: answer.kind } },
    },
  }),
});

/** Charges and refunds. */
export const handler: ReturnType<typeof lambdaHandler> = whileActive(
  lambdaHandler(payments, servicePorts()),
  refuseBatch,
);
