import type { Action } from "../../../kernel/service.ts";
import { Timestamp } from "../../../kernel/timestamp.ts";
import type { Cloudwatch } from "../cloudwatch.ts";
import { allDashboards, dashboardArn } from "../dashboards.ts";
import { optionalText } from "../input.ts";
import { pageOf } from "../paging.ts";

/** The dashboards of one answer (ListDashboards). */
const LARGEST_PAGE = 1_000;

/** ListDashboards, by name. */
export function listDashboards({ world }: Cloudwatch): Action {
  return (input) => {
    const prefix = optionalText(input, "DashboardNamePrefix") ?? "";
    const found = allDashboards(world.store).filter(({ name }) => name.startsWith(prefix));
    const page = pageOf(found, input, LARGEST_PAGE);
    const entries = page.items.map(({ name, body, modifiedAt }) => ({
      DashboardName: name,
      DashboardArn: dashboardArn(world, name),
      LastModified: new Timestamp(modifiedAt),
      Size: Buffer.byteLength(body),
    }));
    return { DashboardEntries: entries, ...page.next };
  };
}
