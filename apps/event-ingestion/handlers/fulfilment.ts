import type { Downstream } from "@reliq/aws/downstream";
import { AuthFailure, DependencyFailure, PermanentFailure, ThrottledFailure } from "@reliq/core";
import type { ProcessorPorts } from "../domain/processor.ts";

/** Posts each event to the service behind, which knows a repeat by its `Idempotency-Key`; without an address there is no such service. */
export function httpFulfilment(service: Downstream, url: string | undefined): ProcessorPorts["fulfil"] {
  return async (event, { signal, isSlow }) => {
    if (isSlow) return service.call((inTime) => hang(inTime.signal), { signal });
    if (url === undefined) return;
    const call = async (inTime: { readonly signal: AbortSignal }): Promise<void> => {
      const headers = { "content-type": "application/json", "idempotency-key": encodeURIComponent(event.orderId) };
      const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(event), signal: inTime.signal });
      await answer.body?.cancel();
      if (!answer.ok) throw refusal(answer.status);
    };
    await service.call(call, { signal });
  };
}

/** Answers never. */
function hang(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
}

function refusal(status: number): Error {
  const what = `The fulfilment service answered ${status}.`;
  if (status === 401 || status === 403) return new AuthFailure(what);
  if (status === 429) return new ThrottledFailure(what);
  return status >= 500 ? new DependencyFailure(what) : new PermanentFailure(what);
}
