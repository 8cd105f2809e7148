import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Line, lineChart } from "reliq/gameday";
import { STREAM_NAMES, STREAMS, type Stream } from "./load-streams.ts";
import type { Moment } from "./load-watch.ts";

/** A load that was put on, and what came of it. */
export interface LoadRun {
  readonly multiple: number;
  readonly seconds: number;
  readonly beganAtMs: number;
  readonly sent: Readonly<Record<Stream, number>>;
  /** Whether no message was left in the end. */
  readonly drained: boolean;
  readonly lost: number;
  readonly doubled: Readonly<Record<Stream, number>>;
  /** Of the worst minute, milliseconds. */
  readonly p95Ms: Readonly<Record<Stream, number>>;
  /** The same of each minute, by its seconds from the begin. */
  readonly minutes: Readonly<Record<Stream, readonly (readonly [seconds: number, ms: number])[]>>;
  readonly moments: readonly Moment[];
  /** Whose processor time a message cost. */
  readonly cost: string;
  readonly holds: boolean;
}

/** Writes the load at multiple 1 as Markdown with drawn charts, and what became of the multiples after it; gives the file. */
export function writeLoadReport(file: string, [whole, ...tried]: readonly LoadRun[], highestMultiple: number): string {
  if (!whole) throw new Error("There was no load to report.");
  mkdirSync(dirname(file), { recursive: true });
  const drawings = chartsOf(whole).map(({ title, unit, lines }, index) => {
    const name = `${basename(file, ".md")}-${index + 1}.svg`;
    const end = whole.moments.at(-1)?.atSeconds ?? whole.seconds;
    const spans = [
      { name: "load", fromSeconds: 0, untilSeconds: whole.seconds },
      { name: "the rest is worked off", fromSeconds: whole.seconds, untilSeconds: end },
    ];
    writeFileSync(join(dirname(file), name), lineChart(title, unit, { lines, spans }));
    return `![${title}](${name})`;
  });
  writeFileSync(file, `${[...describe(whole, highestMultiple), ...drawings, ...others(tried)].join("\n\n")}\n`);
  return file;
}

function describe(run: LoadRun, highestMultiple: number): readonly string[] {
  const began = new Date(run.beganAtMs).toISOString().slice(0, 19).replace("T", " ");
  const rows = STREAM_NAMES.map((stream) => {
    const { perSecond, limitMs } = STREAMS[stream];
    const isSwift = run.p95Ms[stream] <= limitMs;
    return `| ${stream} | ${perSecond} | ${run.sent[stream]} | ${run.p95Ms[stream]} | ${limitMs} | ${run.doubled[stream]} | ${isSwift ? "✓" : "✗"} |`;
  });
  return [
    `# Order processing under load: ${run.holds ? "holds" : "does not hold"}`,
    `On ${began} UTC, ${run.seconds} s, after a minute that warmed it up. Lost: ${run.lost}. ${run.drained ? "Nothing was left." : "Not all was worked off."} The highest multiple that held: ${highestMultiple}.`,
    [
      "| stream | a second | sent | P95 of the worst minute, ms | limit, ms | doubled | |",
      "|---|---|---|---|---|---|---|",
      ...rows,
    ].join("\n"),
    run.cost,
  ];
}

interface Drawn {
  readonly title: string;
  readonly unit: string;
  readonly lines: readonly Line[];
}

function chartsOf({ moments, minutes }: LoadRun): readonly Drawn[] {
  const total = (of: Readonly<Record<Stream, number>>): number =>
    STREAM_NAMES.reduce((sum, stream) => sum + of[stream], 0);
  const perSecond = (value: (moment: Moment) => number): Line["points"] =>
    moments.slice(1).map((moment, index) => {
      const before = moments[index] ?? moment;
      const seconds = Math.max(0.001, moment.atSeconds - before.atSeconds);
      return [moment.atSeconds, Math.max(0, (value(moment) - value(before)) / seconds)];
    });
  return [
    {
      title: "Messages a second, all streams",
      unit: "a second",
      lines: [
        { name: "sent", points: perSecond(({ sent }) => total(sent)) },
        { name: "worked off", points: perSecond(({ sent, left }) => total(sent) - total(left)) },
      ],
    },
    {
      title: "Where messages are",
      unit: "messages",
      lines: STREAM_NAMES.map((name) => ({
        name,
        points: moments.map(({ atSeconds, left }) => [atSeconds, left[name]] as const),
      })),
    },
    {
      title: "From acceptance to the end of the batch, P95 of each minute",
      unit: "ms",
      lines: STREAM_NAMES.map((name) => ({ name, points: minutes[name] })),
    },
  ];
}

function others(tried: readonly LoadRun[]): readonly string[] {
  if (tried.length === 0) return [];
  const rows = tried.map(({ multiple, seconds, lost, doubled, p95Ms, drained, holds }) => {
    const twice = STREAM_NAMES.reduce((sum, stream) => sum + doubled[stream], 0);
    const p95 = STREAM_NAMES.map((stream) => p95Ms[stream]).join(" | ");
    return `| ${multiple} | ${seconds} s | ${p95} | ${lost} | ${twice} | ${drained ? "yes" : "no"} | ${holds ? "✓" : "✗"} |`;
  });
  return [
    "## Multiples of that load",
    [
      `| multiple | for | ${STREAM_NAMES.map((stream) => `${stream} P95, ms`).join(" | ")} | lost | doubled | drained | |`,
      `|---|---|${STREAM_NAMES.map(() => "---|").join("")}---|---|---|---|`,
      ...rows,
    ].join("\n"),
  ];
}
