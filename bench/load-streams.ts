import { setTimeout as wait } from "node:timers/promises";
import { KMSClient } from "@aws-sdk/client-kms";
import { type FieldEncryption, kmsFields } from "@reliq/aws/encryption";
import type { Pool } from "undici";
import { callRaw, rawClient } from "../harness/raw-client.ts";
import { PRODUCTS, type Shop } from "./load-shop.ts";

/** Names a stream of the load. */
export type Stream = "inventory" | "notifications" | "orders" | "payments";

/** Messages a second of each stream at multiple 1, and within what 95 % of them are to be processed, milliseconds. */
export const STREAMS: Readonly<Record<Stream, { readonly perSecond: number; readonly limitMs: number }>> = {
  orders: { perSecond: 100, limitMs: 5_000 },
  payments: { perSecond: 50, limitMs: 10_000 },
  inventory: { perSecond: 200, limitMs: 2_000 },
  notifications: { perSecond: 500, limitMs: 1_000 },
};

/** All of them. */
export const STREAM_NAMES: readonly Stream[] = Object.keys(STREAMS) as Stream[];

/** The queue of a stream. */
export function queueOf(stream: Stream): string {
  return `order-processing-${stream}${stream === "inventory" ? ".fifo" : ""}`;
}

const BATCH = 10;
const CONNECTIONS = 64;

interface Entry {
  readonly MessageBody: string;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

/** How long and how much is sent; `run` begins the ids. */
export interface Load {
  readonly seconds: number;
  readonly multiple: number;
  readonly run: string;
}

/** Sends all streams together at their rates, whether they are processed or not, and counts in `sent` how many messages of each were accepted. */
export async function sendStreams(
  shop: Shop,
  { seconds, multiple, run }: Load,
  sent: Record<Stream, number>,
): Promise<void> {
  const pool = rawClient(shop.endpoint, CONNECTIONS);
  const client = new KMSClient(shop.settings);
  const fields = kmsFields({ client, keyId: "alias/order-processing-fields", context: { system: "order-processing" } });
  const senders = STREAM_NAMES.map((stream) => {
    const perSecond = STREAMS[stream].perSecond * multiple;
    const total = Math.floor((perSecond * seconds) / BATCH) * BATCH;
    return sendAtRate(pool, shop, { stream, perSecond, total, run }, fields, sent);
  });
  await Promise.all(senders);
  await pool.close();
}

interface Sending {
  readonly stream: Stream;
  readonly perSecond: number;
  readonly total: number;
  readonly run: string;
}

async function sendAtRate(
  pool: Pool,
  { endpoint }: Shop,
  { stream, perSecond, total, run }: Sending,
  fields: FieldEncryption,
  sent: Record<Stream, number>,
): Promise<void> {
  const QueueUrl = `${endpoint}/000000000000/${queueOf(stream)}`;
  const began = performance.now();
  const running: Promise<void>[] = [];
  const send = async (first: number): Promise<void> => {
    const entries = Array.from({ length: BATCH }, async (_, index) => {
      return { Id: String(index), ...(await entryOf(stream, first + index, run, fields)) };
    });
    const answer = await callRaw(pool, "sqs", "SendMessageBatch", { QueueUrl, Entries: await Promise.all(entries) });
    sent[stream] += (answer.body["Successful"] as unknown[] | undefined)?.length ?? 0;
  };
  for (let next = 0; next < total; ) {
    const due = ((performance.now() - began) / 1_000) * perSecond;
    for (; next + BATCH <= Math.min(due, total); next += BATCH) running.push(send(next));
    await wait(5);
  }
  await Promise.all(running);
}

async function entryOf(stream: Stream, index: number, run: string, fields: FieldEncryption): Promise<Entry> {
  const orderId = `${run}-${stream}-${index}`;
  const productId = `p-${index % PRODUCTS}`;
  const items = [{ productId, quantity: 1, unitPrice: 2.5 }];
  switch (stream) {
    case "orders":
      return { MessageBody: JSON.stringify({ kind: "order", order: orderOf(orderId, items), placedAtMs: Date.now() }) };
    case "payments":
      return { MessageBody: JSON.stringify({ kind: "charge", orderId, method: "card", amountCents: 250 }) };
    case "inventory":
      return {
        MessageBody: JSON.stringify({ kind: "reserve", orderId, items, partial: false }),
        MessageGroupId: productId,
        MessageDeduplicationId: orderId,
      };
    case "notifications": {
      const sealed = await fields.encrypt({ email: `${orderId}@example.com` }, { orderId });
      return { MessageBody: JSON.stringify({ orderId, status: "created", ...sealed }) };
    }
  }
}

function orderOf(orderId: string, items: readonly object[]): object {
  const choices = { paymentMethod: "card", priority: "normal", partial: false };
  return { orderId, customerId: "c-1", items, totalAmount: 2.5, ...choices };
}
