import { createHmac } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { ReliqError } from "@reliq/core";
import type { AlertChannel } from "@reliq/core/recovery";

/** Where alerts are posted. */
export interface Webhook {
  /** `https://…`; plain http only to this machine. */
  readonly url: string;
  /** Signs each post: the receiver computes the same to know who sent it. */
  readonly secret: string;
}

const TRIES = 3;
const TIMEOUT_MS = 5_000;

/**
 * Alerts as JSON, posted and signed: `reliq-signature: t=<Unix seconds>,v1=<HMAC-SHA256 of "<t>.<body>", hexadecimal>`, and `reliq-id`, which
 * repeats of one alert share.
 * @throws ReliqError `webhook-url`
 */
export function webhookAlerts({ url, secret }: Webhook, now: () => number = Date.now): AlertChannel {
  checkUrl(url);
  return {
    send: async (alert) => {
      const body = JSON.stringify(alert);
      for (let tries = 1; ; tries++) {
        const trouble = await post(url, body, {
          ...signature(secret, body, now()),
          "reliq-id": encodeURIComponent(alert.id),
        });
        if (trouble === undefined) return;
        if (tries === TRIES)
          throw new ReliqError("webhook-failed", `${url} did not take the alert: ${trouble}.`, { retryable: true });
        await wait(100 * 4 ** tries);
      }
    },
  };
}

/** The header of a post at a time, milliseconds since the Unix epoch. */
export function signature(secret: string, body: string, atMs: number): { readonly "reliq-signature": string } {
  const time = Math.floor(atMs / 1_000);
  const mac = createHmac("sha256", secret).update(`${time}.${body}`).digest("hex");
  return { "reliq-signature": `t=${time},v1=${mac}` };
}

async function post(url: string, body: string, headers: Record<string, string>): Promise<string | undefined> {
  try {
    const init = { method: "POST", body, headers: { "content-type": "application/json", ...headers } };
    const { status } = await fetch(url, { ...init, redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) });
    return status >= 200 && status < 300 ? undefined : `it answered ${status}`;
  } catch (error) {
    return String(error);
  }
}

function checkUrl(url: string): void {
  const { protocol, hostname } = new URL(url);
  const local = hostname === "127.0.0.1" || hostname === "localhost" || hostname === "[::1]";
  if (protocol === "https:" || (protocol === "http:" && local)) return;
  throw new ReliqError("webhook-url", `A webhook takes an https URL; ${url} would send failures in the clear.`);
}
