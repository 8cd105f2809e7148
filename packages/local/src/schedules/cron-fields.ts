/** A cron expression of AWS's six fields, read. */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** 1 to 12. */
  readonly months: ReadonlySet<number>;
  readonly years: ReadonlySet<number>;
  /** Whether a day of a month is meant. @param month 1 to 12 */
  readonly fitsDay: (year: number, month: number, day: number) => boolean;
}

/** The first and the last year that a cron expression can name (EventBridge user guide, Cron expressions). */
const FIRST_YEAR = 1970;
export const LAST_YEAR = 2199;

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/**
 * Reads what stands within `cron(…)`: minutes, hours, day of month, month, day of week (1 is Sunday), year.
 * @returns undefined for what EventBridge refuses
 */
export function readCron(text: string): Cron | undefined {
  const fields = text.trim().toUpperCase().split(/\s+/);
  const [minute = "", hour = "", dayOfMonth = "", month = "", dayOfWeek = "", year = ""] = fields;
  const minutes = readValues(minute, 0, 59);
  const hours = readValues(hour, 0, 23);
  const months = readValues(month, 1, 12, MONTHS);
  const years = readValues(year, FIRST_YEAR, LAST_YEAR);
  // Of the two fields that choose days, one says nothing.
  const fitsDay = dayOfWeek === "?" ? readDaysOfMonth(dayOfMonth) : dayOfMonth === "?" && readDaysOfWeek(dayOfWeek);
  if (fields.length !== 6 || !minutes || !hours || !months || !years || !fitsDay) return undefined;
  return { minutes, hours, months: new Set(months), years: new Set(years), fitsDay };
}

/** The values of a field, ascending: `*`, `5`, `1,2`, `3-7`, `0/15`, `3-20/5`. */
function readValues(field: string, least: number, most: number, names: readonly string[] = []): number[] | undefined {
  const read = (text: string): number => {
    const named = names.indexOf(text);
    return named >= 0 ? named + 1 : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  };
  const values = new Set<number>();
  for (const item of field.split(",")) {
    const [range = "", step = "1"] = item.split("/");
    const [first = "", last] = range.split("-");
    const from = range === "*" ? least : read(first);
    const to = range === "*" || (last === undefined && item.includes("/")) ? most : read(last ?? first);
    const by = Number(step);
    if (!(from >= least && to <= most && from <= to) || !/^\d+$/.test(step) || by < 1) return undefined;
    if (item.split("/").length > 2 || range.split("-").length > 2) return undefined;
    for (let value = from; value <= to; value += by) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

type FitsDay = Cron["fitsDay"];

/** `L` is the last day, `LW` the last weekday, `15W` the weekday nearest to the 15th. */
function readDaysOfMonth(field: string): FitsDay | undefined {
  if (field === "L") return (year, month, day) => day === daysIn(year, month);
  if (field === "LW") return (year, month, day) => day === nearestWeekday(year, month, daysIn(year, month));
  const near = /^(\d{1,2})W$/.exec(field);
  if (near) {
    const wanted = Number(near[1]);
    if (wanted < 1 || wanted > 31) return undefined;
    return (year, month, day) => wanted <= daysIn(year, month) && day === nearestWeekday(year, month, wanted);
  }
  const days = readValues(field, 1, 31);
  return days && ((_year, _month, day) => days.includes(day));
}

/** `L` is Saturday, `5L` the last Thursday, `3#2` the second Tuesday. */
function readDaysOfWeek(field: string): FitsDay | undefined {
  const {
    last,
    nth,
    weekday = "",
  } = /^(?<weekday>[A-Z]{3}|\d)(?:(?<last>L)|#(?<nth>[1-5]))$/.exec(field)?.groups ?? {};
  if (last === undefined && nth === undefined) {
    const days = field === "L" ? [7] : readValues(field, 1, 7, WEEKDAYS);
    return days && ((year, month, day) => days.includes(weekdayOf(year, month, day)));
  }
  const [wanted] = readValues(weekday, 1, 7, WEEKDAYS) ?? [];
  if (wanted === undefined) return undefined;
  return (year, month, day) => {
    if (weekdayOf(year, month, day) !== wanted) return false;
    return last ? day + 7 > daysIn(year, month) : Math.ceil(day / 7) === Number(nth);
  };
}

/** 1 is Sunday, 7 is Saturday. */
function weekdayOf(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}

export function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** The weekday nearest to a day, in the same month. */
function nearestWeekday(year: number, month: number, day: number): number {
  const weekday = weekdayOf(year, month, day);
  if (weekday === 7) return day > 1 ? day - 1 : day + 2;
  if (weekday === 1) return day < daysIn(year, month) ? day + 1 : day - 2;
  return day;
}
