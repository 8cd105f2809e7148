import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { SQSClient } from "@aws-sdk/client-sqs";
import { consumer } from "@reliq/core";
import { anyBody, memoryJournal } from "@reliq/core/testing";
import { runWorker, timeLimit } from "../src/index.ts";

/** A worker as a container runs it, in the process that this file starts: SIGTERM ends it. Its argument is the endpoint and the queue's URL, JSON. */
const { queueUrl, ...settings } = JSON.parse(process.argv[2] ?? "{}");
const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());
const orders = consumer({
  name: "orders",
  schema: anyBody,
  handle: async () => {
    process.send?.("started");
    await wait(500);
  },
});
const ports = {
  journal: memoryJournal(),
  log: () => {},
  now: Date.now,
  random: Math.random,
  newToken: randomUUID,
  timeLimit,
};
await runWorker(orders, ports, { queueUrl, client: new SQSClient(settings), signal: stop.signal });
process.disconnect();
