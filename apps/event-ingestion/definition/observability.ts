import { Monitoring } from "@reliq/cdk";
import type { Stack } from "aws-cdk-lib";
import type { Names } from "../names.ts";
import type { QueueParts } from "./queue.ts";

/** Defines the dashboard, the alarms, which tell the topic of alarms, the metrics of logs and the saved queries. */
export function defineObservability(
  stack: Stack,
  names: Names,
  { alarms }: QueueParts,
  scopes: readonly Stack[],
): Monitoring {
  return new Monitoring(stack, "Monitoring", {
    scopes,
    name: names.monitoring,
    dashboardName: names.dashboard,
    topic: alarms,
  });
}
