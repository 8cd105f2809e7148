const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
];

const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

/** `3 min. ago`, by the machine's clock. */
export function formatAgo(atMs: number, nowMs: number = Date.now()): string {
  const past = atMs - nowMs;
  const [unit, unitMs] = UNITS.find(([, ms]) => Math.abs(past) >= ms) ?? ["second", 1_000];
  return RELATIVE.format(Math.trunc(past / unitMs), unit);
}

/** `2026-01-31 12:00:00 UTC`: the same for whoever a link is shared with. */
export function formatTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** `45 s`, `12 min`, `3 h`, `5 d` */
export function formatSeconds(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/** `12 ms`, `3.4 s`, `12 min`, `3 h`, `5 d` */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  return ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : formatSeconds(ms / 1_000);
}

/** A time that a person wrote, milliseconds since the Unix epoch; without a zone it is UTC, as every time that the console shows. NaN where it is none. */
export function readTime(text: string): number {
  const time = text
    .trim()
    .replace(/ ?UTC$/, "")
    .replace(" ", "T");
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(time) ? time : `${time.length === 10 ? `${time}T00:00` : time}Z`);
}
