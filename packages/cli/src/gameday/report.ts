import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { GameDayReport } from "@reliq/console";
import type { GameDay } from "./game-day.ts";
import { lineChart } from "./line-chart.ts";
import type { Measure } from "./measures.ts";
import type { Played } from "./play-game-day.ts";

/** Where regions of game days and reports are, in the folder where a command runs. */
export const REPORTS: string = join(".reliq", "gamedays");

/** What a verdict is in words. */
export const VERDICTS: Readonly<Record<Played["verdict"], string>> = {
  held: "held",
  refuted: "refuted",
  "could-not-run": "could not run",
};

/** Writes a played game day as Markdown, with a drawing beside it for each chart, and what both are made of as JSON: the console draws that. */
export function writeReport(file: string, gameDay: GameDay, played: Played): void {
  mkdirSync(dirname(file), { recursive: true });
  const name = basename(file, ".md");
  const beside = (end: string): string => join(dirname(file), `${name}${end}`);
  const charts = gameDay.charts.map((chart) => chartOf(chart, played));
  const drawings = charts.map(({ title, unit, ...drawn }, index) => {
    writeFileSync(beside(`-${index + 1}.svg`), lineChart(title, unit, drawn));
    return `![${title}](${name}-${index + 1}.svg)`;
  });
  writeFileSync(beside(".json"), JSON.stringify(reportOf(played, charts)));
  writeFileSync(file, `${[...describe(played), ...drawings].join("\n\n")}\n`);
}

function reportOf(
  { verdict, scale, seconds, because, ...played }: Played,
  charts: GameDayReport["charts"],
): GameDayReport {
  const { beganAtMs, measures } = played;
  const alarms = played.alarms.map(({ name, severity, firedAtMs, inAlarm }) => ({
    name,
    severity,
    firedAfterSeconds: firedAtMs.map((ms) => Math.round((ms - beganAtMs) / 1_000)),
    cleared: !inAlarm,
  }));
  return { verdict, beganAtMs, seconds, scale, measures, alarms, charts, ...(because !== undefined && { because }) };
}

function chartOf(
  { title, unit, lines }: GameDay["charts"][number],
  { moments, phases, seconds }: Played,
): GameDayReport["charts"][number] {
  const spans = phases.map(({ untilSeconds = seconds, ...phase }) => ({ ...phase, untilSeconds }));
  const drawn = lines.map((name) => {
    const points = moments.flatMap(({ atSeconds, sample }) => {
      const value = sample[name];
      return value === undefined ? [] : [[atSeconds, value] as const];
    });
    return { name, points };
  });
  return { title, unit, lines: drawn, spans };
}

function describe({ name, hypothesis, fault, scale, verdict, because, ...played }: Played): readonly string[] {
  const began = new Date(played.beganAtMs).toISOString().slice(0, 19).replace("T", " ");
  return [
    `# Game day ${name}: ${VERDICTS[verdict]}`,
    `**Hypothesis.** ${hypothesis}`,
    `**Fault.** ${fault}`,
    `Played on ${began} UTC, ${played.seconds} s, scale ${scale}.`,
    ...(because === undefined ? [] : [`**Why it could not run.** ${because}`]),
    ["| measured | value | asked | |", "|---|---|---|---|", ...played.measures.map(measureRow)].join("\n"),
    ...(played.alarms.length === 0 ? [] : [alarmTable(played)]),
  ];
}

function measureRow({ name, value, unit = "", asked = "", holds }: Measure): string {
  const mark = holds === undefined ? "" : holds ? "✓" : "✗";
  return `| ${name} | ${formatValue(value)}${unit && ` ${unit}`} | ${asked} | ${mark} |`;
}

/** A measure's value as text. */
export function formatValue(value: number | string): string {
  return typeof value === "number" ? value.toLocaleString("en-US", { maximumFractionDigits: 3 }) : value;
}

function alarmTable({ alarms, beganAtMs }: Pick<Played, "alarms" | "beganAtMs">): string {
  const rows = alarms.map(({ name, severity, firedAtMs, inAlarm }) => {
    const fired = firedAtMs.map((ms) => `${Math.round((ms - beganAtMs) / 1_000)} s`).join(", ");
    return `| ${name} | ${severity} | ${fired} | ${inAlarm ? "no" : "yes"} |`;
  });
  return ["| alarm | severity | fired after | cleared |", "|---|---|---|---|", ...rows].join("\n");
}
