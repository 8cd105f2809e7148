// Posts events at once, waits for every answer, and says how it went: node apps/event-ingestion/load-test.ts [--url …] [--requests 100]
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    url: { type: "string", default: "http://127.0.0.1:4566/_api/ingestion-dev-api" },
    requests: { type: "string", default: "100" },
  },
});
if (!/^[1-9]\d{0,3}$/.test(values.requests)) {
  console.error(`--requests is ${JSON.stringify(values.requests)}; it takes 1 to 9999.`);
  process.exit(2);
}
const run = crypto.randomUUID();
const startedMs = performance.now();
const answers = await Promise.all(Array.from({ length: Number(values.requests) }, (_, index) => post(index)));
const took = answers.map(({ tookMs }) => tookMs).sort((one, other) => one - other);
const count = (is: (status: number) => boolean): number => answers.filter(({ status }) => is(status)).length;
const result = {
  requests: answers.length,
  accepted: count((status) => status === 202),
  throttled: count((status) => status === 429),
  failed: count((status) => status !== 202 && status !== 429),
  p50Ms: percentile(0.5),
  p99Ms: percentile(0.99),
  tookMs: Math.round(performance.now() - startedMs),
};
console.log(JSON.stringify(result));
process.exit(result.failed === 0 ? 0 : 1);

/** The status 0 is of a request without an answer. */
async function post(index: number): Promise<{ readonly status: number; readonly tookMs: number }> {
  const sentMs = performance.now();
  const body = JSON.stringify({ orderId: `load-${run}-${index}`, amount: 1 });
  const headers = { "content-type": "application/json" };
  const status = await fetch(`${values.url}/events`, { method: "POST", headers, body }).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.status;
    },
    (error: unknown) => {
      console.error(String(error));
      return 0;
    },
  );
  return { status, tookMs: performance.now() - sentMs };
}

function percentile(share: number): number {
  return Math.round(took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0);
}
