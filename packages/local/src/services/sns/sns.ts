import type { World } from "../../kernel/service.ts";
import type { Deliveries } from "./deliveries.ts";
import type { TopicMetrics } from "./topic-metrics.ts";

/** What the actions of the SNS service share. */
export interface Sns {
  readonly world: World;
  readonly deliveries: Deliveries;
  readonly metrics: TopicMetrics;
}
