import { randomUUID } from "node:crypto";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { repeat, type Traffic } from "reliq/traffic";

/** Each symbol is a message group. */
const SYMBOLS = ["ACME", "GLOBEX", "INITECH", "UMBRELLA"] as const;

/** An order every two seconds; one in fifteen has a negative amount, which is repaired while its group waits. */
export const traffic: Traffic = async ({ client, output, signal }) => {
  const sqs = new SQSClient(client);
  const QueueUrl = output("OrderedMessageProcessingStack", "MainQueueUrl");
  await repeat(2, signal, (round) => {
    const symbol = SYMBOLS[round % SYMBOLS.length];
    const amount = (round % 15 === 14 ? -1 : 1) * (10 + (round % 40));
    const order = { orderId: randomUUID(), orderType: "BUY", amount, symbol, timestamp: new Date().toISOString() };
    const MessageBody = JSON.stringify(order);
    const MessageDeduplicationId = order.orderId;
    return sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: symbol, MessageDeduplicationId }));
  });
};
