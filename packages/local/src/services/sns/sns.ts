import type { World } from "../../kernel/service.ts";
import type { Deliveries } from "./deliveries.ts";

/** What the actions of the SNS service share. */
export interface Sns {
  readonly world: World;
  readonly deliveries: Deliveries;
}
