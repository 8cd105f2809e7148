import { type Journal, Recovery, type ReliableQueue } from "@reliq/cdk";
import { Duration, RemovalPolicy, type Stack } from "aws-cdk-lib";
import type { Configuration } from "../configuration.ts";
import { LONGEST_BATCH_SECONDS } from "../domain/active-region.ts";
import { NAMESPACE, named } from "../names.ts";
import { otherRegion } from "./other-region.ts";
import { handler } from "./services.ts";

/** Defines what becomes of messages that died, of all queues. */
export function defineRecovery(
  stack: Stack,
  configuration: Configuration,
  { journal, queues }: { readonly journal: Journal; readonly queues: readonly ReliableQueue[] },
): Recovery {
  const other = otherRegion(configuration);
  const recovery = new Recovery(stack, "Recovery", {
    entry: handler("recovery"),
    functionName: named("recovery"),
    tableName: named("failures"),
    journal,
    personalFields: ["cardToken", "email", "phone"],
    metricNamespace: NAMESPACE,
    alertEmail: configuration.alarmEmail,
    ...(other && { timeout: Duration.seconds(LONGEST_BATCH_SECONDS) }),
    ...(other && (other.replicated ? { isReplica: true } : { replicaRegion: other.name })),
    // Its rows are in the dashboard of Monitoring.
    dashboard: false,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  for (const queue of queues) recovery.attach(queue);
  return recovery;
}
