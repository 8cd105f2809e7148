import { type RecoveryOptions, recoveryFromEnvironment } from "@reliq/aws/recovery";
import { orderSchema } from "../domain/order.ts";
import { POLICY } from "../domain/poison.ts";
import { REPAIRS } from "../domain/repairs.ts";
import { need } from "./environment.ts";

/** What the poison handler and the replay work by: the policy, the repairs, and what the processor takes. */
export function recoveryOptions(): RecoveryOptions {
  const queue = need("MAIN_QUEUE_NAME");
  return recoveryFromEnvironment({ policy: POLICY, repairs: REPAIRS, schemas: { [queue]: { schema: orderSchema } } });
}
