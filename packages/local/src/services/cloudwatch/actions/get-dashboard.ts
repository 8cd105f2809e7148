import type { Action } from "../../../kernel/service.ts";
import type { Cloudwatch } from "../cloudwatch.ts";
import { dashboardArn, existingDashboard } from "../dashboards.ts";
import { requiredText } from "../input.ts";

/** GetDashboard. */
export function getDashboard({ world }: Cloudwatch): Action {
  return (input) => {
    const { name, body } = existingDashboard(world.store, requiredText(input, "DashboardName"));
    return { DashboardName: name, DashboardArn: dashboardArn(world, name), DashboardBody: body };
  };
}
