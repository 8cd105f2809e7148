import type { Action, Members, World } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import { constraint, optionalInteger, refuseOthers, requiredMap, requiredText } from "../request/members.ts";
import { findTable, saveTable, tableName } from "../tables/catalog.ts";
import type { Table } from "../tables/table.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** How far point-in-time recovery goes back where nothing is said, days (API reference, PointInTimeRecoverySpecification). */
const LONGEST_RECOVERY_DAYS = 35;

/** Keeps the setting of point-in-time recovery; the local region restores nothing. */
export function updateContinuousBackups(world: World): Action {
  return (input) => {
    refuseOthers(input, ["TableName", "PointInTimeRecoverySpecification"]);
    const specification = requiredMap(input, "PointInTimeRecoverySpecification");
    const enabled = specification["PointInTimeRecoveryEnabled"];
    if (typeof enabled !== "boolean") {
      throw constraint(null, "pointInTimeRecoverySpecification.pointInTimeRecoveryEnabled", "Member must not be null");
    }
    const days = optionalInteger(specification, "RecoveryPeriodInDays", 1, LONGEST_RECOVERY_DAYS);
    return world.store.transaction(() => {
      const { pointInTimeRecovery: current, ...rest } = need(world, input).definition;
      const recovery = {
        enabledAtMs: current?.enabledAtMs ?? world.clock.now(),
        days: days ?? current?.days ?? LONGEST_RECOVERY_DAYS,
      };
      return describe(world, saveTable(world, enabled ? { ...rest, pointInTimeRecovery: recovery } : rest));
    });
  };
}

/** Shows the setting of point-in-time recovery. */
export function describeContinuousBackups(world: World): Action {
  return (input) => {
    refuseOthers(input, ["TableName"]);
    return describe(world, need(world, input));
  };
}

function describe(world: World, { definition: { pointInTimeRecovery: recovery } }: Table): Members {
  const nowMs = world.clock.now();
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: recovery
        ? {
            PointInTimeRecoveryStatus: "ENABLED",
            RecoveryPeriodInDays: recovery.days,
            EarliestRestorableDateTime: Math.max(recovery.enabledAtMs, nowMs - recovery.days * DAY_MS) / 1000,
            LatestRestorableDateTime: nowMs / 1000,
          }
        : { PointInTimeRecoveryStatus: "DISABLED" },
    },
  };
}

function need(world: World, input: Members): Table {
  const name = tableName(requiredText(input, "TableName"));
  const table = findTable(world, name);
  if (table) return table;
  throw new ServiceError("TableNotFoundException", `Table not found: ${name}`);
}
