import type { World } from "../../../kernel/service.ts";
import type { MetricCounter, ServiceMetric } from "../../../kernel/service-metrics.ts";
import type { InvocationReport } from "../../../runtime/running.ts";

/** Counts what CloudWatch shows of functions, of each and of all (Lambda developer guide, "Types of metrics for Lambda functions"). */
export interface FunctionMetrics {
  /** An invocation begins: so many of the function run, and so many of all. */
  began(functionName: string, ofFunction: number, ofAll: number): void;
  ended(functionName: string, report: InvocationReport): void;
  throttled(functionName: string): void;
  /** A batch of a stream is given to the function: the age of its last record. */
  aged(functionName: string, ageMs: number): void;
}

type Name = "ConcurrentExecutions" | "Duration" | "Errors" | "Invocations" | "IteratorAge" | "Throttles";

export function createFunctionMetrics({ metrics }: World): FunctionMetrics {
  const known = new Map<string, MetricCounter>();
  const counter = (name: Name, functionName: string | undefined): MetricCounter => {
    const key = `${name} ${functionName ?? ""}`;
    const counter = known.get(key) ?? metrics.counter(metricOf(name, functionName));
    known.set(key, counter);
    return counter;
  };
  const add = (name: Name, functionName: string, value: number): void => {
    counter(name, functionName).add(value);
    counter(name, undefined).add(value);
  };
  return {
    began: (functionName, ofFunction, ofAll) => {
      counter("ConcurrentExecutions", functionName).add(ofFunction);
      counter("ConcurrentExecutions", undefined).add(ofAll);
    },
    ended: (functionName, { outcome, startedMs, endedMs }) => {
      add("Invocations", functionName, 1);
      add("Errors", functionName, outcome.kind === "success" ? 0 : 1);
      add("Duration", functionName, endedMs - startedMs);
    },
    throttled: (functionName) => add("Throttles", functionName, 1),
    aged: (functionName, ageMs) => add("IteratorAge", functionName, ageMs),
  };
}

function metricOf(name: Name, functionName: string | undefined): ServiceMetric {
  return {
    namespace: "AWS/Lambda",
    name,
    unit: name === "Duration" || name === "IteratorAge" ? "Milliseconds" : "Count",
    dimensions: functionName === undefined ? {} : { FunctionName: functionName },
  };
}
