import type { Action } from "../../../kernel/service.ts";
import type { Cloudwatch } from "../cloudwatch.ts";
import { notServed } from "../errors.ts";
import { requiredText } from "../input.ts";
import { storeData } from "../metrics/metric-store.ts";
import { readData } from "../metrics/read-data.ts";

/** PutMetricData. */
export function putMetricData({ world }: Cloudwatch): Action {
  return async (input) => {
    if (input["EntityMetricData"] !== undefined) throw notServed("EntityMetricData");
    const data = readData(input, requiredText(input, "Namespace"), world.clock.now());
    await world.store.transaction(() => storeData(world.store, data));
    return {};
  };
}
