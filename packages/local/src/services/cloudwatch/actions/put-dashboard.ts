import type { Action } from "../../../kernel/service.ts";
import type { Cloudwatch } from "../cloudwatch.ts";
import { putDashboard as put } from "../dashboards.ts";

/** PutDashboard. */
export function putDashboard({ world }: Cloudwatch): Action {
  return async (input) => {
    await put(world, input);
    return { DashboardValidationMessages: [] };
  };
}
