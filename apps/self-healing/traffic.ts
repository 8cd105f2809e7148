import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { repeat, type Traffic } from "reliq/traffic";

/** Kinds of the producer's test messages, in turn: good ones, and failures that are healed, archived or held. */
const ROUNDS = [["good"], ["timeout"], ["good"], ["missing field"], ["503"], ["good"], ["auth"], ["not JSON"]] as const;

/** A few orders every eight seconds. */
export const traffic: Traffic = async ({ client, output, signal }) => {
  const lambda = new LambdaClient(client);
  const FunctionName = output("self-healing", "OrderProducer");
  await repeat(8, signal, (round) => {
    const Payload = JSON.stringify({ kinds: ROUNDS[round % ROUNDS.length] });
    return lambda.send(new InvokeCommand({ FunctionName, Payload }));
  });
};
