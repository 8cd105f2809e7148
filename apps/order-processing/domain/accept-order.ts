import type { Producer } from "@reliq/aws";
import * as v from "valibot";
import type { KeepOrder } from "./keep-order.ts";
import { type Order, orderSchema } from "./order.ts";
import { orderedBy } from "./order-state.ts";
import type { QueueKey } from "./queues.ts";
import { routeOrder } from "./route-order.ts";

/** An HTTP request as the API gives it (payload 2.0), as far as it is read. */
export interface HttpRequest {
  readonly routeKey: string;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** An HTTP answer. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Seals what is personal in an order, before it goes anywhere. */
export type SealOrder = (order: Order) => Promise<Order>;

/** The queues that orders go to. */
export type OrderProducers = Readonly<
  Record<Extract<QueueKey, "large_orders" | "orders" | "priority_orders">, Producer>
>;

/** What taking an order needs. */
interface Taking {
  readonly now: number;
  readonly seal: SealOrder;
  /** @default an order is nowhere but in its queue */
  readonly keep?: KeepOrder | undefined;
}

/** `POST /orders`: an order that keeps the rules is answered 202 once its queue has it, and whoever is to keep it; a repeat is one order. */
export async function acceptOrder(
  request: HttpRequest,
  producers: OrderProducers,
  { now, seal, keep }: Taking,
): Promise<HttpAnswer> {
  const given = readJson(request);
  if (given === undefined) return refuse(400, ["the body is no JSON"]);
  const { success, output: order, issues } = v.safeParse(orderSchema, given);
  if (!success)
    return refuse(
      400,
      issues.map((issue) => `${v.getDotPath(issue) ?? "body"}: ${issue.message}`),
    );
  const { orderId, customerId } = order;
  const route = routeOrder(order) as keyof OrderProducers;
  const sealed = await seal(order).catch(() => undefined);
  if (!sealed) return refuse(503, ["what is personal in it cannot be encrypted now: try again"]);
  const body = JSON.stringify({ kind: "order", order: sealed, placedAtMs: now });
  const message = { body, ...(route === "priority_orders" && { groupId: customerId, deduplicationId: orderId }) };
  const refusal = await keep?.({ orderId, ordered: orderedBy(order), route, message });
  if (refusal) return refuse(refusal.statusCode, [refusal.why]);
  const { sent, failed } = await producers[route].trySend([message]);
  const [first] = sent;
  if (!first)
    return refuse(
      503,
      failed.map(({ message: why }) => why),
    );
  return answer(202, { success: true, messageId: first.messageId, orderId });
}

function readJson({ body = "", isBase64Encoded }: HttpRequest): unknown {
  try {
    return JSON.parse(isBase64Encoded ? Buffer.from(body, "base64").toString() : body);
  } catch {
    return undefined;
  }
}

function refuse(statusCode: number, errors: readonly string[]): HttpAnswer {
  return answer(statusCode, { success: false, error: errors.join("; ") });
}

function answer(statusCode: number, body: object): HttpAnswer {
  return { statusCode, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
