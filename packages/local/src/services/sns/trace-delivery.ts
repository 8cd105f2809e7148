import type { World } from "../../kernel/service.ts";
import { beginHop, type Hop } from "../../kernel/trace-hop.ts";
import type { Subscription } from "./subscription.ts";

/** Begins a topic's part in a message's trace: to one subscription. */
export function beginDelivery(
  world: World,
  { topicName, protocol, endpoint }: Pick<Subscription, "endpoint" | "protocol" | "topicName">,
  traceHeader: string | undefined,
  publishedAt: number,
): Hop {
  const to = endpoint.startsWith("arn:") ? endpoint.split(":").slice(5).join(":") : "the outbox";
  const operation = `to ${protocol} ${to}`;
  return beginHop(world, traceHeader, { name: topicName, origin: "AWS::SNS::Topic", operation, takenMs: publishedAt });
}

/** Writes down what a topic has put into the outbox, or that nobody takes the message. Addresses are people's own, and no part of a trace. */
export function traceOutbound(
  world: World,
  topicName: string,
  subscriptions: readonly Subscription[],
  isDelivered: boolean,
  traceHeader: string | undefined,
): void {
  if (!isDelivered && subscriptions.length === 0) {
    const takenMs = world.clock.now();
    const about = { name: topicName, origin: "AWS::SNS::Topic", operation: "to nobody", takenMs };
    beginHop(world, traceHeader, about).end();
  }
  for (const subscription of subscriptions) {
    beginDelivery(world, { ...subscription, topicName }, traceHeader, world.clock.now()).end();
  }
}
