import { downstream, type SharedBreakers } from "@reliq/aws/downstream";
import { GATEWAY } from "../domain/queues.ts";
import type { Gateway, GatewayAnswer } from "../domain/services.ts";

/**
 * The payment gateway behind an address: `POST /charges` and `POST /refunds` with an `Idempotency-Key`; 402 is a refusal. One answer is waited for,
 * and a repeat takes the same key, so that a lost answer charges nothing twice.
 */
export function httpGateway(url: string, sharedBy: SharedBreakers): Gateway {
  const gateway = downstream(GATEWAY, {
    timeoutSeconds: 3,
    retry: { retries: 2, baseSeconds: 0.1, capSeconds: 1 },
    breaker: { consecutiveFailures: 10, openSeconds: 5, sharedBy },
    bulkhead: { concurrent: 20 },
  });
  return ({ kind, orderId, method, amountCents, cardToken }, key, signal) =>
    gateway.call(
      async ({ signal: tryFor }) => {
        const response = await fetch(`${url}/${kind}s`, {
          method: "POST",
          headers: { "content-type": "application/json", "idempotency-key": key },
          body: JSON.stringify({ orderId, method, amountCents, cardToken }),
          signal: tryFor,
        });
        return readAnswer(response);
      },
      { signal },
    );
}

async function readAnswer(response: Response): Promise<GatewayAnswer> {
  if (response.ok) return { kind: "done" };
  const text = await response.text();
  if (response.status === 402) return { kind: "declined", because: text || "the gateway refuses it" };
  throw Object.assign(new Error(`The gateway answered ${response.status}`), { status: response.status });
}
