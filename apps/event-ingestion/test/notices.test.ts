import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateEventBusCommand,
  EventBridgeClient,
  type PutEventsCommandInput,
  type PutEventsCommandOutput,
} from "@aws-sdk/client-eventbridge";
import { downstream } from "@reliq/aws/downstream";
import { startRegion } from "@reliq/local";
import { expect, onTestFinished, test } from "vitest";
import type { Notice, Notices } from "../domain/events.ts";
import { eventbridgeNotices } from "../handlers/eventbridge-notices.ts";

interface Trial {
  readonly notices: Notices;
  /** The orders that each request told of. */
  readonly requests: (readonly string[])[];
}

/** Tells a bus of a local region, which does not take the notice of this order so many times. */
async function trial(refused?: string, times = 0): Promise<Trial> {
  const stateDirectory = mkdtempSync(join(tmpdir(), "reliq-notices-"));
  const region = await startRegion({ stateDirectory, port: 0 });
  onTestFinished(async () => {
    await region.stop();
    rmSync(stateDirectory, { recursive: true });
  });
  const credentials = { accessKeyId: "x", secretAccessKey: "x" };
  const client = new EventBridgeClient({ endpoint: region.endpoint, region: "us-east-1", credentials });
  await client.send(new CreateEventBusCommand({ Name: "events" }));
  const requests: string[][] = [];
  let left = times;
  client.middlewareStack.add(
    (next) => async (args) => {
      const orders = ((args.input as PutEventsCommandInput).Entries ?? []).map(({ Detail = "" }) => orderOf(Detail));
      requests.push(orders);
      const answer = await next(args);
      const output = answer.output as PutEventsCommandOutput;
      const place = orders.indexOf(refused ?? "");
      if (place >= 0 && left-- > 0) output.Entries?.splice(place, 1, { ErrorCode: "InternalFailure" });
      return answer;
    },
    { step: "initialize" },
  );
  const service = downstream("notifications", { retry: { retries: 1, baseSeconds: 0.01 } });
  return { notices: eventbridgeNotices(client, "events", service), requests };
}

function orderOf(detail: string): string {
  return (JSON.parse(detail) as { orderId: string }).orderId;
}

const noticeOf = (orderId: string): Notice => ({
  type: "EventProcessed",
  messageId: `m-${orderId}`,
  correlationId: "c",
  orderId,
  amount: 1,
});

const ORDERS = Array.from({ length: 12 }, (_, index) => `o-${index}`);

test("what the messages of a batch tell at the same time is one request for ten of them", async () => {
  const { notices, requests } = await trial();
  await Promise.all(ORDERS.map((order) => notices.tell([noticeOf(order)])));
  expect(requests).toEqual([ORDERS.slice(0, 10), ORDERS.slice(10)]);
});

test("a notice that the bus did not take is sent again, without those that it did", async () => {
  const { notices, requests } = await trial("o-1", 1);
  await Promise.all(["o-0", "o-1", "o-2"].map((order) => notices.tell([noticeOf(order)])));
  expect(requests).toEqual([["o-0", "o-1", "o-2"], ["o-1"]]);
});

test("one that is not taken in the end is the failure of its own message alone", async () => {
  const { notices } = await trial("o-1", 2);
  const told = await Promise.allSettled(["o-0", "o-1", "o-2"].map((order) => notices.tell([noticeOf(order)])));
  expect(told.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(told[1]).toMatchObject({ reason: { name: "DependencyFailure" } });
});
