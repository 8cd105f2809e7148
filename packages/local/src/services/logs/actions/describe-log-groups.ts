import type { Action, World } from "../../../kernel/service.ts";
import { groupArn, type LogGroup } from "../group.ts";
import { integerWithin, optionalText } from "../input.ts";
import type { FilterCatalog } from "../metric-filters/filter-catalog.ts";
import { pageOf } from "../paging.ts";

/** The most groups of one page (DescribeLogGroups). */
const LARGEST_PAGE = 50;

/** DescribeLogGroups, by name. */
export function describeLogGroups(world: World, filters: FilterCatalog): Action {
  return (input) => {
    const prefix = optionalText(input, "logGroupNamePrefix") ?? "";
    const part = optionalText(input, "logGroupNamePattern") ?? "";
    const rows: unknown = world.store.statement("SELECT * FROM logs_group ORDER BY name").all();
    const groups = (rows as LogGroup[]).filter(({ name }) => name.startsWith(prefix) && name.includes(part));
    const limit = integerWithin(input, "limit", 1, LARGEST_PAGE) ?? LARGEST_PAGE;
    const page = pageOf(groups, (group) => group.name, optionalText(input, "nextToken"), limit);
    return { logGroups: page.items.map((group) => shown(world, group, filters.of(group.name).length)), ...page.next };
  };
}

function shown(world: World, group: LogGroup, metricFilterCount: number): Record<string, unknown> {
  const { sum } = world.store
    .statement("SELECT ifnull(sum(length(message) + 26), 0) AS sum FROM logs_event WHERE groupId = ?")
    .get(group.id) as { sum: number };
  return {
    logGroupName: group.name,
    creationTime: group.createdAt,
    ...(group.retentionDays !== null && { retentionInDays: group.retentionDays }),
    metricFilterCount,
    arn: `${groupArn(world, group.name)}:*`,
    logGroupArn: groupArn(world, group.name),
    logGroupClass: "STANDARD",
    storedBytes: sum,
  };
}
