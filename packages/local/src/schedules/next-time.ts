import { type Cron, daysIn, LAST_YEAR, readCron } from "./cron-fields.ts";
import { atWallTime, wallTime } from "./wall-time.ts";

/** When something is due. */
export type Expression =
  | { readonly kind: "at"; readonly wallMs: number }
  | { readonly kind: "cron"; readonly cron: Cron }
  | { readonly kind: "rate"; readonly periodMs: number };

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Reads `rate(5 minutes)`, `cron(0 9 ? * MON-FRI *)` or `at(2026-11-26T09:00:00)`; undefined where it is none. */
export function readExpression(text: string): Expression | undefined {
  const { kind, inner = "" } = /^(?<kind>rate|cron|at)\((?<inner>[^()]*)\)$/.exec(text)?.groups ?? {};
  if (kind === "cron") {
    const cron = readCron(inner);
    return cron && { kind, cron };
  }
  if (kind === "rate") {
    const [, count, unit = ""] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(inner) ?? [];
    return count === undefined ? undefined : { kind, periodMs: Number(count) * (UNIT_MS[unit] ?? 0) };
  }
  if (kind !== "at" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(inner)) return undefined;
  const wallMs = Date.parse(`${inner}Z`);
  return Number.isNaN(wallMs) ? undefined : { kind, wallMs };
}

/** What `nextTime` counts from. */
export interface Counting {
  /** Strictly after this, ms. */
  readonly afterMs: number;
  /** What a rate counts from, ms. */
  readonly anchorMs: number;
  readonly timeZone: string;
}

/**
 * The first time after another at which an expression is due; undefined where there is none any more.
 * A time that the zone's clocks skip is left out, one that they show twice is due once (EventBridge Scheduler user guide, Daylight saving time).
 */
export function nextTime(expression: Expression, { afterMs, anchorMs, timeZone }: Counting): number | undefined {
  switch (expression.kind) {
    case "at": {
      const at = atWallTime(expression.wallMs, timeZone);
      return at !== undefined && at > afterMs ? at : undefined;
    }
    case "rate": {
      const periods = Math.max(1, Math.floor((afterMs - anchorMs) / expression.periodMs) + 1);
      return anchorMs + periods * expression.periodMs;
    }
    case "cron":
      return nextOfCron(expression.cron, afterMs, timeZone);
  }
}

/** How far back the zone's clocks can go at once, ms: what they showed before can still be due. */
const LONGEST_SHIFT_MS = 3 * 3_600_000;

function nextOfCron(cron: Cron, afterMs: number, timeZone: string): number | undefined {
  const fromWall = wallTime(afterMs, timeZone) - LONGEST_SHIFT_MS;
  for (const dayMs of daysFrom(cron, fromWall)) {
    for (const hour of cron.hours) {
      for (const minute of cron.minutes) {
        const wallMs = dayMs + (hour * 60 + minute) * 60_000;
        const at = wallMs < fromWall ? undefined : atWallTime(wallMs, timeZone);
        if (at !== undefined && at > afterMs) return at;
      }
    }
  }
  return undefined;
}

/** The midnights of the days that a cron expression means, from the day of a wall time on. */
function* daysFrom({ years, months, fitsDay }: Cron, fromWall: number): Generator<number> {
  const from = new Date(fromWall);
  for (let year = from.getUTCFullYear(); year <= LAST_YEAR; year += 1) {
    if (!years.has(year)) continue;
    for (let month = 1; month <= 12; month += 1) {
      if (!months.has(month)) continue;
      for (let day = 1; day <= daysIn(year, month); day += 1) {
        const dayMs = Date.UTC(year, month - 1, day);
        if (dayMs + 86_400_000 > fromWall && fitsDay(year, month, day)) yield dayMs;
      }
    }
  }
}
