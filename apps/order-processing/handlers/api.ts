import { producer } from "@reliq/aws";
import { acceptOrder, type HttpAnswer, type HttpRequest, type SealOrder } from "../domain/accept-order.ts";
import { need } from "./environment.ts";
import { fieldEncryption } from "./field-encryption.ts";
import { orderIntake } from "./order-intake.ts";
import { twoRegions } from "./two-regions.ts";

const producers = {
  orders: producer({ queueUrl: need("ORDERS_QUEUE_URL") }),
  large_orders: producer({ queueUrl: need("LARGE_ORDERS_QUEUE_URL") }),
  priority_orders: producer({ queueUrl: need("PRIORITY_ORDERS_QUEUE_URL") }),
};
const fields = fieldEncryption();
const regions = twoRegions();
const keep = regions && orderIntake(regions, need("INTAKE_TABLE"));

const seal: SealOrder = async ({ email, phone, cardToken, ...order }) => {
  const sealed = await fields.encrypt({ email, phone, cardToken }, { orderId: order.orderId });
  return { ...order, ...sealed };
};

/** `POST /orders`. */
export function handler(request: HttpRequest): Promise<HttpAnswer> {
  return acceptOrder(request, producers, { now: Date.now(), seal, keep });
}
