import { type Consumer, type Journal, Remediation } from "@reliq/cdk";
import type { Stack } from "aws-cdk-lib";
import { GATEWAY, type QueueKey } from "../domain/queues.ts";
import { named } from "../names.ts";
import type { Topics } from "./topics.ts";

/** What remedies work on. */
interface Remedied {
  readonly services: Readonly<Record<QueueKey, Consumer>>;
  readonly journal: Journal;
  readonly topics: Topics;
}

/** Defines the automatic answers to known problems; they tell `system_health`. */
export function defineRemediation(
  stack: Stack,
  enabled: boolean,
  { services, journal, topics }: Remedied,
): Remediation {
  const { payments, notifications } = services;
  return new Remediation(stack, "Remediation", {
    enabled,
    journal,
    topic: topics.system_health.topic,
    functionName: named("remediation"),
    tableName: named("remedies"),
    remedies: [
      { name: "more-payments", kind: "scale-concurrency", consumer: payments, backlogAbove: 1_000, most: 50 },
      {
        name: "more-notifications",
        kind: "scale-concurrency",
        consumer: notifications,
        backlogAbove: 5_000,
        most: 100,
      },
      {
        name: "pause-payments",
        kind: "pause-intake",
        consumer: payments,
        breaker: GATEWAY,
        mostSeconds: 900,
        calmSeconds: 120,
      },
    ],
  });
}
