import { downstream } from "@reliq/aws/downstream";
import type { Carrier } from "../domain/services.ts";

/** Parcels: a repeat takes the same key, so that a lost answer is not a second parcel. */
const carrier = downstream("carrier", {
  timeoutSeconds: 5,
  retry: { retries: 2, baseSeconds: 0.2, capSeconds: 2 },
  breaker: { consecutiveFailures: 10, openSeconds: 10 },
});

/** The carrier behind an address: `POST /shipments` with an `Idempotency-Key`; 422 says why it does not take a parcel. */
export function httpCarrier(url: string): Carrier {
  return ({ orderId, customerId, items }, key, signal) =>
    carrier.call(
      async ({ signal: tryFor }) => {
        const response = await fetch(`${url}/shipments`, {
          method: "POST",
          headers: { "content-type": "application/json", "idempotency-key": key },
          body: JSON.stringify({ orderId, customerId, items }),
          signal: tryFor,
        });
        const text = await response.text();
        if (response.status === 422) return { because: text || "the carrier does not take it" };
        if (response.ok) return { trackingNumber: (JSON.parse(text) as { trackingNumber: string }).trackingNumber };
        throw Object.assign(new Error(`The carrier answered ${response.status}`), { status: response.status });
      },
      { signal },
    );
}
