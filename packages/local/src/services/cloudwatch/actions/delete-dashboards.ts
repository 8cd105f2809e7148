import type { Action } from "../../../kernel/service.ts";
import type { Cloudwatch } from "../cloudwatch.ts";
import { existingDashboard, removeDashboard } from "../dashboards.ts";
import { texts } from "../input.ts";

/** DeleteDashboards: all or, where one is not there, none. */
export function deleteDashboards({ world }: Cloudwatch): Action {
  return async (input) => {
    const names = texts(input, "DashboardNames");
    await world.store.transaction(() => {
      for (const name of names) existingDashboard(world.store, name);
      for (const name of names) removeDashboard(world.store, name);
    });
    return {};
  };
}
