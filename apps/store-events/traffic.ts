import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { repeat, type Traffic } from "reliq/traffic";

/** The stores send events for a second, every ten seconds; some forget to say which store they are. */
export const traffic: Traffic = async ({ client, output, signal }) => {
  const lambda = new LambdaClient(client);
  const FunctionName = output("sqs-message-producer-ingestor-stack", "SqsDataProducer");
  const Payload = JSON.stringify({ seconds: 1 });
  await repeat(10, signal, () => lambda.send(new InvokeCommand({ FunctionName, Payload })));
};
