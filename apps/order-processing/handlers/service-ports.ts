import { type LambdaPorts, portsFromEnvironment } from "@reliq/aws";
import { emfMetrics } from "@reliq/aws/telemetry";
import { NAMESPACE } from "../names.ts";

/** The ports of a service, with what it processes counted in the system's metrics. */
export function servicePorts(): LambdaPorts {
  return { ...portsFromEnvironment(), metrics: emfMetrics({ namespace: NAMESPACE }) };
}
