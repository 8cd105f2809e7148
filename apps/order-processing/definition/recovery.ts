import { type Journal, Recovery, type ReliableQueue } from "@reliq/cdk";
import { RemovalPolicy, type Stack } from "aws-cdk-lib";
import type { Configuration } from "../configuration.ts";
import { NAMESPACE, named } from "../names.ts";
import { handler } from "./services.ts";

/** Defines what becomes of messages that died, of all queues. */
export function defineRecovery(
  stack: Stack,
  { alarmEmail }: Configuration,
  { journal, queues }: { readonly journal: Journal; readonly queues: readonly ReliableQueue[] },
): Recovery {
  const recovery = new Recovery(stack, "Recovery", {
    entry: handler("recovery"),
    functionName: named("recovery"),
    tableName: named("failures"),
    journal,
    metricNamespace: NAMESPACE,
    alertEmail: alarmEmail,
    // Its rows are in the dashboard of Monitoring.
    dashboard: false,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  for (const queue of queues) recovery.attach(queue);
  return recovery;
}
