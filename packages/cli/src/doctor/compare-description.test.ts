import { expect, test } from "vitest";
import { compareDescription, type SystemDescription } from "./compare-description.ts";
import type { DeployedQueue, DeployedSubscription } from "./deployment.ts";

const arn = (name: string): string => `arn:aws:sqs:us-east-1:1:${name}`;
const ORDERS: DeployedQueue = {
  name: "orders",
  arn: arn("orders"),
  fifo: false,
  visibilitySeconds: 300,
  retentionSeconds: 86_400,
  waitSeconds: 20,
  maxReceiveCount: 3,
  deadLetterArn: arn("orders-dlq"),
};
const DEAD: DeployedQueue = { ...ORDERS, name: "orders-dlq", arn: arn("orders-dlq") };
const SUBSCRIBED: DeployedSubscription = {
  topicArn: "arn:aws:sns:us-east-1:1:news",
  protocol: "sqs",
  endpoint: arn("orders"),
  filterPolicy: { kind: ["order"] },
  deadLetters: true,
};

const DESCRIPTION: SystemDescription = {
  queues: [{ name: "orders", visibilitySeconds: 300, maxReceiveCount: 3, deadLetterQueue: "orders-dlq" }],
  topics: [
    {
      name: "news",
      subscriptions: [{ protocol: "sqs", endpoint: "orders", filterPolicy: { kind: ["order"] }, deadLetters: true }],
    },
  ],
};

/** What is said of a deployment, with what a case changes. */
function whatIsSaid(queue: Partial<DeployedQueue>, subscriptions: readonly DeployedSubscription[]): readonly string[] {
  const queues = [{ ...ORDERS, ...queue }, DEAD];
  const parts = { queues, functions: [], mappings: [], alarms: [], senders: [], subscriptions };
  return compareDescription(DESCRIPTION, parts).map(({ resource, what }) => `${resource}: ${what}`);
}

test("nothing is said of what is deployed as it is described", () => {
  expect(whatIsSaid({}, [SUBSCRIBED])).toEqual([]);
});

test("a subscription that is there in some deployments only may be there, and once", () => {
  const [news] = DESCRIPTION.topics ?? [];
  const [one] = news?.subscriptions ?? [];
  const described = { topics: [{ name: "news", subscriptions: one ? [one, { ...one, optional: true }] : [] }] };
  const said = (subscriptions: readonly DeployedSubscription[]): number =>
    compareDescription(described, { queues: [], functions: [], mappings: [], alarms: [], senders: [], subscriptions })
      .length;
  const there = { ...SUBSCRIBED, endpoint: "arn:aws:sqs:eu-west-1:1:orders" };
  expect([said([SUBSCRIBED]), said([SUBSCRIBED, there]), said([SUBSCRIBED, there, there]), said([])]).toEqual([
    0, 0, 1, 1,
  ]);
});

test.each([
  ["a setting", { visibilitySeconds: 30 }, "orders: Its visibilitySeconds is 30, and is described as 300."],
  [
    "another dead-letter queue",
    { deadLetterArn: arn("none") },
    "orders: Its dead-letter queue is none, and is described as orders-dlq.",
  ],
  ["its absence", { name: "others" }, "orders: There is no such queue."],
])("%s of a queue is named", (_, changes, said) => {
  expect(whatIsSaid(changes, [SUBSCRIBED])).toEqual([said]);
});

test.each([
  [
    "that is missing",
    [],
    ['news: Nothing is subscribed by sqs to orders with the filter {"kind":["order"]}, as it is described.'],
  ],
  [
    "with another filter",
    [{ ...SUBSCRIBED, filterPolicy: { kind: ["all"] } }],
    [
      'news: Nothing is subscribed by sqs to orders with the filter {"kind":["order"]}, as it is described.',
      "news: sqs to orders is subscribed, and is not described so.",
    ],
  ],
  [
    "that nobody described",
    [SUBSCRIBED, { ...SUBSCRIBED, protocol: "email", endpoint: "a@example.com" }],
    ["news: email to a@example.com is subscribed, and is not described so."],
  ],
])("a subscription %s is named", (_, subscriptions, said) => {
  expect(whatIsSaid({}, subscriptions)).toEqual(said);
});
