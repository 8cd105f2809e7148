import { lambdaHandler, portsFromEnvironment } from "@reliq/aws";
import { emfMeasures, emfMetrics, type Metrics, traced } from "@reliq/aws/telemetry";
import { startTracing } from "@reliq/aws/tracing";
import { errorRate } from "../domain/error-rate.ts";
import { ordersConsumer } from "../domain/orders.ts";
import { NAMES } from "../names.ts";

startTracing();
const ports = portsFromEnvironment();
const counts = emfMetrics({ namespace: NAMES.metrics });
const rate = errorRate(emfMeasures({ namespace: NAMES.metrics }));
const metrics: Metrics = (batch) => {
  counts(batch);
  rate(batch);
};

/** Processes orders. */
export const handler: ReturnType<typeof lambdaHandler> = lambdaHandler(traced(ordersConsumer(ports.log)), {
  ...ports,
  metrics,
});
