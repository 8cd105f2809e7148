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

/** Turns that count, after those that warm up. What is collected while a side runs is of its own making, so nothing is collected between. */
const TURNS = 15;
const WARM_UPS = 5;

const [batch = "10", endpoint] = process.argv.slice(2);
/** The SDK takes ten times as long. */
const MESSAGES_PER_RUN = endpoint ? 500 : 5_000;
const [reliq, powertools] = [reliqHandler(client()), powertoolsHandler(client())];
const turns: (readonly [reliq: number, powertools: number])[] = [];
for (let turn = 1; turn <= WARM_UPS + TURNS; turn++) {
  const reliqFirst = turn % 2 === 0;
  const first = await measure(reliqFirst ? reliq : powertools, Number(batch), turn);
  const second = await measure(reliqFirst ? powertools : reliq, Number(batch), turn);
  if (turn > WARM_UPS) turns.push(reliqFirst ? [first, second] : [second, first]);
}
// By turns: the machine's speed changes by half within seconds, for both sides of a turn alike.
process.send?.({
  reliq: median(turns.map(([ours]) => ours)),
  powertools: median(turns.map(([, theirs]) => theirs)),
  ratio: median(turns.map(([ours, theirs]) => ours / theirs)),
});
process.disconnect?.();

/** CPU of the whole process, microseconds a message. An event is there just before its invocation, and garbage after it, as in Lambda. */
async function measure(handler: Handler, size: number, run: number): Promise<number> {
  let microseconds = 0;
  for (let done = 0; done < MESSAGES_PER_RUN; done += size) {
    const event = orderEvent(
      Array.from({ length: size }, (_, place) => orderRecord(run * MESSAGES_PER_RUN + done + place)),
    );
    const before = process.cpuUsage();
    const { batchItemFailures } = await handler(event, invocation());
    if (batchItemFailures.length > 0) throw new Error("a message came back");
    // What either side does only once nothing else is to be done, such as writing lines, counts too.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    const { user, system } = process.cpuUsage(before);
    microseconds += user + system;
  }
  return microseconds / MESSAGES_PER_RUN;
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
