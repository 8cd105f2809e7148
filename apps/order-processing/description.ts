import { TOPICS } from "./domain/announcements.ts";
import { QUEUE_KEYS, QUEUES, queueNames } from "./domain/queues.ts";
import { SUBSCRIPTIONS, type SubscriptionDescription } from "./domain/topics.ts";
import { named } from "./names.ts";

const DAY_SECONDS = 86_400;
const PROTOCOLS = { email: "email", function: "lambda", https: "https", queue: "sqs", sms: "sms" } as const;

/** What is to be deployed, of what the definition is made of too: `reliq doctor --description apps/order-processing/description.ts` compares it. */
export const description: object = {
  queues: QUEUE_KEYS.flatMap((key) => {
    const { visibilitySeconds, maxReceiveCount, retentionDays } = QUEUES[key];
    const { queue: name, deadLetterQueue } = queueNames(key);
    const retentionSeconds = retentionDays * DAY_SECONDS;
    return [
      { name, visibilitySeconds, maxReceiveCount, retentionSeconds, waitSeconds: 20, deadLetterQueue },
      { name: deadLetterQueue, retentionSeconds: 14 * DAY_SECONDS },
    ];
  }),
  topics: TOPICS.map((key) => ({
    name: named(key.replaceAll("_", "-")),
    // An address of yours is subscribed where the configuration names one.
    subscriptions: SUBSCRIPTIONS[key].filter(({ by }) => by !== "https").flatMap(subscriptions),
  })),
};

/** Where there are two regions, the queue of the other is told, too. */
function subscriptions(described: SubscriptionDescription): readonly object[] {
  const one = subscription(described);
  return described.everywhere ? [one, { ...one, optional: true }] : [one];
}

function subscription(described: SubscriptionDescription): object {
  const { by, only } = described;
  const protocol = PROTOCOLS[by];
  const endpoint = "name" in described ? { endpoint: named(described.name) } : {};
  return { protocol, ...endpoint, deadLetters: true, ...(only && { filterPolicy: only }) };
}
