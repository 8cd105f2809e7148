import type { TopicKey } from "./announcements.ts";

/** Who is subscribed, and by what: whoever the configuration names, a queue, or a function. */
type Subscriber =
  | { readonly by: "email"; readonly who: "alarmEmail" | "deskEmail" }
  | { readonly by: "function"; readonly name: "restock" }
  | { readonly by: "https"; readonly who: "statusWebhook" }
  | { readonly by: "queue"; readonly name: "notifications" | "tracking" }
  | { readonly by: "sms"; readonly who: "onCallPhone" };

/** A subscription of a topic. */
export type SubscriptionDescription = Subscriber & {
  /** It gets only messages whose attribute has one of these values. @default all of the topic's */
  readonly only?: Readonly<Record<string, readonly string[]>>;
  /** Where there are two regions, a queue hears of the other's topic, too. @default of its own region's */
  readonly everywhere?: true;
};

const CRITICAL = { severity: ["critical"] };

/** The topics of the system with who hears of what. What none of the retries delivers goes to the topic's queue of undelivered messages. */
export const SUBSCRIPTIONS: Readonly<Record<TopicKey, readonly SubscriptionDescription[]>> = {
  order_status: [
    // Customers, by e-mail or text message.
    { by: "queue", name: "notifications", only: { customer: ["told"] } },
    { by: "queue", name: "tracking", everywhere: true },
    { by: "sms", who: "onCallPhone", only: CRITICAL },
    { by: "https", who: "statusWebhook" },
  ],
  payment_notifications: [{ by: "email", who: "deskEmail", only: { status: ["compensating"] } }],
  inventory_alerts: [
    { by: "email", who: "deskEmail" },
    { by: "function", name: "restock" },
    { by: "sms", who: "onCallPhone", only: CRITICAL },
  ],
  system_health: [{ by: "email", who: "alarmEmail" }],
};

/** How often and when a message to an address of yours is tried again, seconds; for all other subscribers SNS has its own, which nobody can change. */
export const WEBHOOK_RETRIES = { retries: 8, leastDelay: 5, mostDelay: 300 } as const;
