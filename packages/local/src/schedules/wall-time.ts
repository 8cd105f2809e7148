/** Formats of time zones; making one costs much more than using it. */
const formats = new Map<string, Intl.DateTimeFormat>();

export function isTimeZone(name: string): boolean {
  try {
    return formatOf(name) !== undefined;
  } catch {
    return false;
  }
}

/** What the clocks of a time zone show at a time, as if they showed UTC, ms. @throws RangeError for an unknown time zone */
export function wallTime(atMs: number, timeZone: string): number {
  if (timeZone === "UTC") return atMs;
  const parts = formatOf(timeZone).formatToParts(atMs);
  const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value);
  const second = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return second + (((atMs % 1_000) + 1_000) % 1_000);
}

/** The first time at which the clocks of a time zone show this, or undefined where they skip it. */
export function atWallTime(wallMs: number, timeZone: string): number | undefined {
  if (timeZone === "UTC") return wallMs;
  const day = 86_400_000;
  const candidates = [wallMs - day, wallMs + day].map((near) => wallMs - (wallTime(near, timeZone) - near));
  return candidates.filter((each) => wallTime(each, timeZone) === wallMs).sort((a, b) => a - b)[0];
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const numeric = "2-digit";
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  });
  formats.set(timeZone, made);
  return made;
}
