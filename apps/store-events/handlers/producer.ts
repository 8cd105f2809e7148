import { setTimeout as wait } from "node:timers/promises";
import { SQSClient } from "@aws-sdk/client-sqs";
import { sendMessages } from "@reliq/aws";
import type { OutgoingMessage } from "@reliq/core";
import { produce } from "../domain/produce.ts";
import { type ProducerResponse, producerResponse } from "../domain/producer-response.ts";
import { runSeconds } from "../domain/run-seconds.ts";

const client = new SQSClient({});

/** Sends store events for some seconds (`{"seconds": 2}`; by default as RUN_SECONDS says) and answers how many the queue accepted. */
export async function handler(event: unknown): Promise<ProducerResponse> {
  const seconds = runSeconds(event, process.env["RUN_SECONDS"]);
  const produced = await produce(seconds, { send, random: Math.random, now: Date.now, wait });
  if (produced.failure !== undefined) console.error("The round ended early:", produced.failure);
  return producerResponse(produced);
}

async function send(messages: readonly OutgoingMessage[]): Promise<number[]> {
  const { sent, failed } = await sendMessages(client, process.env["QUEUE_URL"] ?? "", messages);
  for (const { code, message } of failed) console.error(`An event was refused: ${code}: ${message}`);
  return sent.map(({ index }) => index);
}
