import { randomUUID } from "node:crypto";
import { repeat, type Traffic } from "reliq/traffic";

/** An event every two seconds over HTTP. One in ten comes twice, as clients do it that had no answer, and one in twenty is refused. */
export const traffic: Traffic = async ({ output, signal }) => {
  const url = `${output("event-ingestion-dev-api", "ApiUrl")}/events`;
  const post = (body: string): Promise<Response> =>
    fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body, signal });
  await repeat(2, signal, async (round) => {
    const amount = round % 20 === 19 ? "a lot" : 5 + (round % 90);
    const body = JSON.stringify({ orderId: randomUUID(), amount });
    await post(body);
    if (round % 10 === 4) await post(body);
  });
};
