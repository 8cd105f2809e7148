import type { World } from "../../kernel/service.ts";
import type { MetricCounter } from "../../kernel/service-metrics.ts";
import type { DeliveryMetric } from "../../schedules/schedule.ts";

/** Counts what CloudWatch shows of a rule. */
export type CountOfRule = (metric: DeliveryMetric | "MatchedEvents" | "TriggeredRules", ruleArn: string) => void;

/**
 * Counts by rule; those of a custom bus are known by their bus too (EventBridge user guide, "Monitoring Amazon EventBridge"). What is
 * counted is not undone: it is called after the commit.
 */
export function createRuleMetrics({ metrics }: World): CountOfRule {
  const known = new Map<string, MetricCounter>();
  return (name, ruleArn) => {
    const key = `${name} ${ruleArn}`;
    const counter =
      known.get(key) ??
      metrics.counter({ namespace: "AWS/Events", name, unit: "Count", dimensions: dimensionsOf(ruleArn) });
    known.set(key, counter);
    counter.add(1);
  };
}

function dimensionsOf(ruleArn: string): Readonly<Record<string, string>> {
  const path = ruleArn.slice(ruleArn.indexOf(":rule/") + ":rule/".length);
  const at = path.lastIndexOf("/");
  const RuleName = path.slice(at + 1);
  return at < 0 ? { RuleName } : { EventBusName: path.slice(0, at), RuleName };
}
