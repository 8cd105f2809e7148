import type { World } from "../../../kernel/service.ts";
import { existingGroup, findGroup } from "../group.ts";
import { readFilterPattern } from "../patterns/filter-pattern.ts";
import type { MetricFilter, ReadyFilter } from "./metric-filter.ts";

/** A filter with the group that it is on. */
export interface PlacedFilter extends ReadyFilter {
  readonly groupName: string;
}

/** The metric filters, read from the store once and again after each change. */
export interface FilterCatalog {
  /** By group and name. */
  all(): readonly PlacedFilter[];
  of(groupName: string): readonly PlacedFilter[];
  /** Puts a filter, or replaces the one of its name. @throws ResourceNotFoundException without the group */
  put(groupName: string, filter: Omit<MetricFilter, "createdAt">): Promise<void>;
  /** Returns whether there was one. @throws ResourceNotFoundException without the group */
  remove(groupName: string, name: string): Promise<boolean>;
  /** Looks again: a group is gone. */
  forget(): void;
}

export function openFilterCatalog({ store, clock }: World): FilterCatalog {
  let known: Map<string, PlacedFilter[]> | undefined;
  const byGroup = (): Map<string, PlacedFilter[]> => {
    const rows = store.statement(
      `SELECT g.name AS groupName, f.name, f.pattern, f.transformation, f.createdAt
       FROM logs_metric_filter f JOIN logs_group g ON g.id = f.groupId ORDER BY g.name, f.name`,
    );
    known ??= Map.groupBy(rows.all().map(readRow), ({ groupName }) => groupName);
    return known;
  };
  return {
    all: () => [...byGroup().values()].flat(),
    of: (groupName) => byGroup().get(groupName) ?? [],
    put: async (groupName, { name, pattern, transformation }) => {
      await store.transaction(() =>
        store
          .statement(
            `INSERT INTO logs_metric_filter VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET pattern = ?3, transformation = ?4`,
          )
          .run(existingGroup(store, groupName).id, name, pattern, JSON.stringify(transformation), clock.now()),
      );
      known = undefined;
    },
    remove: async (groupName, name) => {
      const { changes } = await store.transaction(() =>
        store
          .statement("DELETE FROM logs_metric_filter WHERE groupId = ? AND name = ?")
          .run(findGroup(store, groupName)?.id ?? null, name),
      );
      known = undefined;
      return changes > 0;
    },
    forget: () => {
      known = undefined;
    },
  };
}

function readRow(row: Readonly<Record<string, unknown>>): PlacedFilter {
  const pattern = String(row["pattern"]);
  return {
    groupName: String(row["groupName"]),
    name: String(row["name"]),
    pattern,
    transformation: JSON.parse(String(row["transformation"])),
    createdAt: Number(row["createdAt"]),
    match: readFilterPattern(pattern),
  };
}
