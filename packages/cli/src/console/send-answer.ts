import type { ServerResponse } from "node:http";

/** What is answered to a request. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** On every answer: nothing is guessed, framed or told to others. */
const ALWAYS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

/** An answer of facts: it is true now, and not kept. */
export function json(value: unknown, status = 200): Answer {
  return { status, type: "application/json", body: JSON.stringify(value), headers: { "cache-control": "no-store" } };
}

/** Sends facts. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  sendAnswer(response, json(value, status));
}

/** Sends an answer, unless nobody waits for it any more. */
export function sendAnswer(response: ServerResponse, { status, type, body, headers }: Answer): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, {
    ...ALWAYS,
    ...headers,
    "content-type": type,
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}
