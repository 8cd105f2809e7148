import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** What goes wrong at the gateway, as shares of the requests, 0 to 1. */
export interface GatewayFaults {
  /** Answers 503, and nothing is done. */
  readonly refused?: number;
  /** The money moves, and the connection breaks before the answer. */
  readonly lostAnswers?: number;
  /** Answers only after this, milliseconds. */
  readonly delayMs?: number;
  /** Amounts of so many cents or more are declined. @default none is */
  readonly declinedFromCents?: number;
  /** 0 to 1, for each request. @default Math.random */
  readonly random?: () => number;
}

/** Money that moved, once for each key. */
interface Movement {
  readonly kind: "charges" | "refunds";
  readonly orderId: string;
  readonly amountCents: number;
}

/**
 * Serves a payment gateway for trials over HTTP: it keeps a key to one payment, as real ones do, and fails as it is told to. `GET /movements` tells
 * what moved, by idempotency key. Gives its address.
 */
export async function serveGateway(faults: GatewayFaults, port: number): Promise<string> {
  const movements = new Map<string, Movement>();
  const server = createServer((request, response) => {
    answer(request, response, faults, movements).catch(() => response.destroy());
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  {
    refused = 0,
    lostAnswers = 0,
    delayMs = 0,
    declinedFromCents = Number.POSITIVE_INFINITY,
    random = Math.random,
  }: GatewayFaults,
  movements: Map<string, Movement>,
): Promise<void> {
  if (request.url === "/movements") return end(response, 200, JSON.stringify(Object.fromEntries(movements)));
  const [, kind] = /^\/(charges|refunds)$/.exec(request.url ?? "") ?? [];
  const key = request.headers["idempotency-key"];
  const body = JSON.parse(Buffer.concat(await request.toArray()).toString()) as Omit<Movement, "kind">;
  if (delayMs > 0) await wait(delayMs);
  if (kind === undefined || typeof key !== "string") return end(response, 400, "it takes an Idempotency-Key");
  if (random() < refused) return end(response, 503, "try again");
  const { orderId, amountCents } = body;
  if (kind === "charges" && amountCents >= declinedFromCents) return end(response, 402, "there is not enough money");
  if (!movements.has(key)) movements.set(key, { kind: kind as Movement["kind"], orderId, amountCents });
  if (random() < lostAnswers) return void response.destroy();
  end(response, 200, "{}");
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain" }).end(text);
}
