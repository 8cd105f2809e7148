import { producer } from "@reliq/aws";
import { acceptOrder, type HttpAnswer, type HttpRequest } from "../domain/accept-order.ts";
import { need } from "./environment.ts";

const producers = {
  orders: producer({ queueUrl: need("ORDERS_QUEUE_URL") }),
  large_orders: producer({ queueUrl: need("LARGE_ORDERS_QUEUE_URL") }),
  priority_orders: producer({ queueUrl: need("PRIORITY_ORDERS_QUEUE_URL") }),
};

/** `POST /orders`. */
export function handler(request: HttpRequest): Promise<HttpAnswer> {
  return acceptOrder(request, producers);
}
