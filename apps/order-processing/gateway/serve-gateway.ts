import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** What goes wrong at the gateway and the carrier, as shares of the requests, 0 to 1. */
export interface GatewayFaults {
  /** Answers 503, and nothing is done. */
  readonly refused?: number;
  /** The money moves or the parcel goes, and the connection breaks before the answer. */
  readonly lostAnswers?: number;
  /** Answers only after this, milliseconds. */
  readonly delayMs?: number;
  /** Amounts of so many cents or more are declined. @default none is */
  readonly declinedFromCents?: number;
  /** Parcels that the carrier does not take. */
  readonly undeliverable?: number;
}

/** Money that moved, once for each key. */
interface Movement {
  readonly kind: "charges" | "refunds";
  readonly orderId: string;
  readonly amountCents: number;
  readonly cardToken?: string;
}

interface Trial {
  faults: GatewayFaults;
  readonly movements: Map<string, Movement>;
  readonly parcels: Map<string, string>;
  /** How often a payment or a parcel was asked for, by its key. */
  readonly asked: Map<string, number>;
}

/**
 * Serves a payment gateway and a carrier for trials over HTTP: they keep a key to one payment or parcel, as real ones do, and fail as they are
 * told to. `GET /movements` tells what money moved, `GET /parcels` what was shipped, `GET /asked` how often, by idempotency key; `PUT /faults`
 * sets what goes wrong from now on. Gives its address; it ends with the signal.
 */
export async function serveGateway(faults: GatewayFaults, port: number, signal?: AbortSignal): Promise<string> {
  const trial: Trial = { faults, movements: new Map(), parcels: new Map(), asked: new Map() };
  const server = createServer((request, response) => {
    answer(request, response, trial).catch(() => response.destroy());
  });
  server.listen({ port, host: "127.0.0.1", ...(signal && { signal }) });
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function answer(request: IncomingMessage, response: ServerResponse, trial: Trial): Promise<void> {
  const { movements, parcels, asked } = trial;
  const shown = { "/movements": movements, "/parcels": parcels, "/asked": asked }[request.url ?? ""];
  if (shown) return end(response, 200, JSON.stringify(Object.fromEntries(shown)));
  const body = JSON.parse(Buffer.concat(await request.toArray()).toString()) as object;
  if (request.url === "/faults") {
    trial.faults = body;
    return end(response, 200, "{}");
  }
  const key = request.headers["idempotency-key"];
  const { refused = 0, lostAnswers = 0, delayMs = 0 } = trial.faults;
  if (typeof key !== "string") return end(response, 400, "it takes an Idempotency-Key");
  asked.set(key, (asked.get(key) ?? 0) + 1);
  if (delayMs > 0) await wait(delayMs);
  if (Math.random() < refused) return end(response, 503, "try again");
  const done = request.url === "/shipments" ? ship(trial, key) : pay(trial, request.url ?? "", key, body as Movement);
  if (done.status === 200 && Math.random() < lostAnswers) return void response.destroy();
  end(response, done.status, done.text);
}

interface Done {
  readonly status: number;
  readonly text: string;
}

function pay({ faults, movements }: Trial, url: string, key: string, payment: Movement): Done {
  const { orderId, amountCents, cardToken } = payment;
  const [, kind] = /^\/(charges|refunds)$/.exec(url) ?? [];
  if (kind === undefined) return { status: 404, text: "it takes /charges, /refunds or /shipments" };
  const { declinedFromCents = Number.POSITIVE_INFINITY } = faults;
  if (kind === "charges" && amountCents >= declinedFromCents) return { status: 402, text: "there is not enough money" };
  const movement = {
    kind: kind as Movement["kind"],
    orderId,
    amountCents,
    ...(cardToken !== undefined && { cardToken }),
  };
  if (!movements.has(key)) movements.set(key, movement);
  return { status: 200, text: "{}" };
}

function ship({ faults, parcels }: Trial, key: string): Done {
  if (!parcels.has(key) && Math.random() < (faults.undeliverable ?? 0)) return { status: 422, text: "no such address" };
  const trackingNumber = parcels.get(key) ?? `RQ${String(parcels.size + 1).padStart(10, "0")}`;
  parcels.set(key, trackingNumber);
  return { status: 200, text: JSON.stringify({ trackingNumber }) };
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain" }).end(text);
}
