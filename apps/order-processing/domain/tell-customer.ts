import type { Notification } from "./messages.ts";
import type { OrderStatus } from "./order-state.ts";

/** A message to a customer, by the one channel that it goes by. */
export interface CustomerMessage {
  readonly channel: "email" | "sms";
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

const SUBJECTS: Partial<Readonly<Record<OrderStatus, string>>> = {
  created: "We have your order",
  shipped: "Your order is on its way",
  rejected: "We cannot fulfil your order",
  cancelled: "Your order is cancelled",
};

/** What a customer is told of a status, by e-mail, else by text message; undefined where there is nothing to tell or no address. */
export function tellCustomer(notification: Notification): CustomerMessage | undefined {
  const { orderId, status, email, phone, because, trackingNumber } = notification;
  const subject = SUBJECTS[status];
  const to = email ?? phone;
  if (subject === undefined || to === undefined) return undefined;
  const text = [`Order ${orderId}`, because, trackingNumber && `Tracking number ${trackingNumber}`].filter(Boolean);
  return { channel: email === undefined ? "sms" : "email", to, subject, text: text.join(". ") };
}
