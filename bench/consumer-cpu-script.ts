import { setTimeout as wait } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamodbJournal, type LambdaPorts, lambdaHandler, portsFromEnvironment } from "@reliq/aws";
import { emfMetrics } from "@reliq/aws/telemetry";
import { consumer } from "@reliq/core";
import { median } from "./compare.ts";
import type { Context, SQSBatchResponse, SQSEvent } from "./consumer-order.ts";
import { invocation, Order, orderEvent, orderRecord } from "./consumer-order.ts";
import { powertoolsHandler } from "./consumer-powertools.ts";
import { CREDENTIALS } from "./consumer-requests.ts";

/**
 * Measures CPU a message on both sides in turns, in a process of its own whose stdout goes nowhere: the log lines of both
 * sides go there. Arguments: messages a batch, and the endpoint of a stub DynamoDB; without it the client's `send` is the stub.
 */
type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Runs that count, after four that warm up. */
const RUNS = 7;
const WARM_UPS = 4;
const MESSAGES_PER_RUN = 2_000;

const [batch = "10", endpoint, only] = process.argv.slice(2);
const sides: readonly (readonly [name: string, handler: Handler])[] = [
  ["reliq", reliqHandler(client())],
  ["powertools", powertoolsHandler(client())],
];
const microseconds: Record<string, number[]> = { reliq: [], powertools: [] };
for (let run = 1; run <= WARM_UPS + RUNS; run++) {
  for (const [name, handler] of run % 2 === 0 ? sides : sides.toReversed()) {
    if (only && only !== name) continue;
    const measured = await measure(handler, Number(batch), run);
    if (run > WARM_UPS) microseconds[name]?.push(measured);
  }
}
process.send?.({ reliq: median(microseconds["reliq"] ?? []), powertools: median(microseconds["powertools"] ?? []) });
process.disconnect?.();

/** CPU of the whole process, microseconds a message. */
async function measure(handler: Handler, size: number, run: number): Promise<number> {
  const events = Array.from({ length: MESSAGES_PER_RUN / size }, (_, index) =>
    orderEvent(Array.from({ length: size }, (_, place) => orderRecord(run * MESSAGES_PER_RUN + index * size + place))),
  );
  globalThis.gc?.();
  // The collector sweeps on in threads of its own, whose time would count.
  await wait(150);
  const before = process.cpuUsage();
  for (const event of events) {
    const { batchItemFailures } = await handler(event, invocation());
    if (batchItemFailures.length > 0) throw new Error("a message came back");
    // What either side does only once nothing else is to be done, such as writing lines, counts too.
    await new Promise<void>((resolve) => process.nextTick(resolve));
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / MESSAGES_PER_RUN;
}

function reliqHandler(dynamodb: DynamoDBClient): Handler {
  const environment = { RELIQ_JOURNAL_TABLE: "journal", RELIQ_QUEUE_URL: "http://q", RELIQ_MAX_RECEIVE_COUNT: "5" };
  const ports: LambdaPorts = {
    ...portsFromEnvironment(environment),
    journal: dynamodbJournal(dynamodb, "journal"),
    metrics: emfMetrics(),
  };
  const orders = consumer({
    name: "orders",
    schema: Order,
    idempotency: { key: ({ orderId }) => orderId },
    handle: async ({ orderId, cents }) => ports.log({ level: "info", event: "order-processed", orderId, cents }),
  });
  return lambdaHandler(orders, ports);
}

function client(): DynamoDBClient {
  const made = new DynamoDBClient({ region: "us-east-1", credentials: CREDENTIALS, ...(endpoint && { endpoint }) });
  if (!endpoint) {
    made.send = async ({ input }: { input: { Statements?: readonly unknown[] } }) => ({
      $metadata: {},
      ...(input.Statements && { Responses: input.Statements.map(() => ({})) }),
    });
  }
  return made;
}
