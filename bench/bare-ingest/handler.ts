import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

const sqs = new SQSClient({});

/** Sends what came, whatever it is. */
export async function handler({ body = "" }: { readonly body?: string }): Promise<object> {
  const sent = await sqs.send(new SendMessageCommand({ QueueUrl: process.env["QUEUE_URL"], MessageBody: body }));
  return { statusCode: 202, body: JSON.stringify({ messageId: sent.MessageId }) };
}
