import type { World } from "../../kernel/service.ts";
import type { MetricCounter, ServiceMetric } from "../../kernel/service-metrics.ts";

/** How a request to an API ended. */
interface ServedRequest {
  readonly status: number;
  readonly latencyMs: number;
  readonly integrationMs: number | undefined;
}

/** Counts what CloudWatch shows of an API (HTTP API developer guide, "Working with metrics for HTTP APIs"). */
export type ApiMetrics = (ApiId: string, request: ServedRequest) => void;

export function createApiMetrics({ metrics }: World): ApiMetrics {
  const known = new Map<string, MetricCounter>();
  const add = (ApiId: string, name: string, value: number, unit: ServiceMetric["unit"] = "Count"): void => {
    const key = `${name} ${ApiId}`;
    const counter =
      known.get(key) ?? metrics.counter({ namespace: "AWS/ApiGateway", name, unit, dimensions: { ApiId } });
    known.set(key, counter);
    counter.add(value);
  };
  return (apiId, { status, latencyMs, integrationMs }) => {
    add(apiId, "Count", 1);
    add(apiId, "4xx", status >= 400 && status < 500 ? 1 : 0);
    add(apiId, "5xx", status >= 500 ? 1 : 0);
    add(apiId, "Latency", latencyMs, "Milliseconds");
    if (integrationMs !== undefined) add(apiId, "IntegrationLatency", integrationMs, "Milliseconds");
  };
}
