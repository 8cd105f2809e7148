import type { World } from "../../kernel/service.ts";
import type { Alarms } from "./alarms/alarms.ts";
import type { Collector } from "./metrics/collector.ts";

/** What the actions of the service work on. */
export interface Cloudwatch {
  readonly world: World;
  readonly collector: Collector;
  readonly alarms: Alarms;
}
