import { setTimeout as wait } from "node:timers/promises";
import { dynamodbQuarantine, runWorker, sqsDeadLetters } from "@reliq/aws";
import { recoveryHandler } from "@reliq/aws/recovery";
import { consumer, DependencyFailure, groupHolding, readEnvelope, ValidationFailure } from "@reliq/core";
import type { Policy, Repair } from "@reliq/core/recovery";
import { sampleSchema } from "@reliq/core/testing";
import { serveQueue } from "../harness/event-source.ts";
import { regionClients } from "./chaos-region.ts";
import { consumePorts } from "./consume-ports.ts";
import { appendEffect } from "./consumer-effects.ts";
import { effectOf, type SentOrder } from "./orders-history.ts";
import { recoveryOptions } from "./recovery-options.ts";
import { FAILURE_TABLE_NAME, type RecoverySetting } from "./recovery-setting.ts";
import { sweepAtTimes } from "./sweep-at-times.ts";

/** What a process is told that consumes orders and recovers them. */
export interface OrdersTask extends RecoverySetting {
  readonly endpoint: string;
}

const { endpoint, ...setting } = JSON.parse(process.argv[2] ?? "{}") as OrdersTask;
const clients = regionClients(endpoint);
const { sqs, dynamodb } = clients;
// Without whoever started it, nobody would end it.
process.once("disconnect", () => process.exit());

/** What is no text of an order is known by its readers: a wrong sign or a symbol in lower case. */
const schema = sampleSchema<SentOrder>((value) => {
  const order = value as SentOrder;
  const issues = [
    ...(order.amount > 0 ? [] : [{ message: "it is not over 0", path: ["amount"] }]),
    ...(/^[A-Z]+$/.test(order.symbol) ? [] : [{ message: "it is not in capitals", path: ["symbol"] }]),
  ];
  return issues.length > 0 ? { issues } : { value: order };
});

const orders = consumer({
  name: "orders",
  schema,
  effect: "transactional",
  onPoison: "hold-group",
  failFast: true,
  retry: { backoff: { delaySeconds: () => 0 } },
  handle: (order, { attributes, receiveCount }) => {
    const heals = readEnvelope({ attributes })?.heals ?? 0;
    if (order.fault === "down" && heals === 0) throw new DependencyFailure("the exchange is down");
    if (order.fault === "exit" && heals === 0 && receiveCount === 1) process.exit();
    if (order.fault === "garbage") throw new ValidationFailure("it can never be an order");
    return { writes: [appendEffect({ mode: "sequence", group: order.group, key: JSON.stringify(effectOf(order)) })] };
  },
});

const mend: Repair = {
  name: "mend",
  schema,
  repair: (body) => {
    const order = body as SentOrder;
    const isPoison = order.fault === "negative" || order.fault === "lower-case";
    return isPoison ? { ...order, ...effectOf(order) } : undefined;
  },
};

/** Whatever was killed is healed, however often: it is not to blame. */
const POLICY: Policy = {
  rules: [
    { name: "mended", when: { category: "validation" }, then: ["repair"], repair: "mend" },
    { name: "never an order", when: { category: "validation" }, then: ["archive"] },
    { name: "may pass", when: {}, then: ["heal"] },
  ],
  maxHeals: 1_000,
  backoff: { baseSeconds: 1, capSeconds: 2 },
  budget: { relapses: 1_000_000, share: 1 },
  onArchive: "skip",
};

const handler = recoveryHandler(recoveryOptions(clients, setting, { policy: POLICY, repairs: [mend] }));
const queue = setting.queues.find(({ name }) => name.endsWith(".fifo"));
const deadLetterUrl = setting.deadLetterUrls.find((url) => url.endsWith(".fifo")) ?? "";
const ports = {
  ...consumePorts(dynamodb),
  deadLetters: sqsDeadLetters(sqs, deadLetterUrl),
  quarantine: groupHolding(dynamodbQuarantine(dynamodb, FAILURE_TABLE_NAME)),
};
const { signal } = new AbortController();
process.send?.("working");
await Promise.all([
  always(() => runWorker(orders, ports, { queueUrl: queue?.url ?? "", client: sqs, signal, pollers: 2 })),
  always(() => sweepAtTimes(handler, signal)),
  ...[deadLetterUrl, setting.wakeUpsUrl].map((queueUrl) =>
    always(() => serveQueue({ client: sqs, queueUrl, handler }, signal)),
  ),
]);

/** The region is killed, too: what does not answer is asked again. */
async function always(work: () => Promise<void>): Promise<void> {
  for (;;) await work().catch(() => wait(200));
}
