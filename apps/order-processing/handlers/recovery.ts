import { recoveryFromEnvironment, recoveryHandler } from "@reliq/aws/recovery";
import {
  inventoryMessageSchema,
  notificationSchema,
  orderMessageSchema,
  paymentMessageSchema,
  shippingMessageSchema,
} from "../domain/messages.ts";
import { POLICY } from "../domain/policy.ts";
import { type QueueKey, queueNames } from "../domain/queues.ts";
import { named } from "../names.ts";
import { refuseBatch, whileActive } from "./while-active.ts";

const SCHEMAS = {
  orders: orderMessageSchema,
  priority_orders: orderMessageSchema,
  large_orders: orderMessageSchema,
  payments: paymentMessageSchema,
  inventory: inventoryMessageSchema,
  shipping: shippingMessageSchema,
  notifications: notificationSchema,
} as const satisfies Record<QueueKey, unknown>;

const ofQueues = Object.entries(SCHEMAS).map(([key, schema]) => [queueNames(key as QueueKey).queue, { schema }]);
const schemas = { ...Object.fromEntries(ofQueues), [named("tracking")]: { schema: notificationSchema } };

/** Captures what died of all queues, and brings it back; in standby what died stays where it is. */
export const handler: ReturnType<typeof recoveryHandler> = whileActive(
  recoveryHandler(recoveryFromEnvironment({ schemas, policy: POLICY })),
  (active, [event]) => ("reliq" in event ? undefined : refuseBatch(active)),
);
