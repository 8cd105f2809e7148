import { styleText } from "node:util";
import { type Measure, verdictOf } from "./measures.ts";
import type { Played } from "./play-game-day.ts";
import { formatValue, VERDICTS } from "./report.ts";
import type { Recorded } from "./stage.ts";

const BLOCKS = "▁▂▃▄▅▆▇█";

/** How many seconds a curve shows. */
const CURVE_SECONDS = 40;

/** How a game day goes: its phases so far, and what is watched as curves of the last 40 seconds. */
export function gameDayView(name: string, { phases, moments, beganAtMs }: Recorded): string {
  const seconds = Math.round((Date.now() - beganAtMs) / 1_000);
  const steps = phases.map((phase) =>
    phase.untilSeconds === undefined ? styleText("yellow", `▶ ${phase.name}`) : styleText("green", `✓ ${phase.name}`),
  );
  const sample = moments.at(-1)?.sample ?? {};
  const width = Math.max(0, ...Object.keys(sample).map((each) => each.length));
  const curves = Object.entries(sample).map(([line, value]) => {
    const values = moments.slice(-CURVE_SECONDS).map((moment) => moment.sample[line] ?? 0);
    return `  ${line.padEnd(width)}  ${formatValue(value).padStart(7)}  ${styleText("blue", curve(values))}`;
  });
  return [`${styleText("bold", name)}  ${seconds} s  ${steps.join("  ")}`, ...curves].join("\n");
}

/** The same in one line, where there is no terminal to draw on. */
export function gameDayLine(name: string, { phases, moments, beganAtMs }: Recorded): string {
  const seconds = Math.round((Date.now() - beganAtMs) / 1_000);
  const values = Object.entries(moments.at(-1)?.sample ?? {}).map(([line, value]) => `${line} ${formatValue(value)}`);
  return [`${name} ${seconds} s`, phases.at(-1)?.name ?? "", ...values].join("  ");
}

function curve(values: readonly number[]): string {
  const most = Math.max(1, ...values);
  return values.map((value) => BLOCKS[Math.min(7, Math.floor((value / most) * 7.99))] ?? "").join("");
}

/** How it ended: the verdict, and each measure. */
export function gameDayEnd({ name, hypothesis, verdict, because, measures }: Played): string {
  const colour = verdict === "held" ? "green" : "red";
  return [
    `${styleText([colour, "bold"], `${name}: ${VERDICTS[verdict]}`)}  ${hypothesis}`,
    ...(because === undefined ? [] : [`  ${because}`]),
    ...measures.map((measure) => `  ${markOf(measure)} ${describeMeasure(measure)}`),
  ].join("\n");
}

function markOf(measure: Measure): string {
  if (measure.holds === undefined) return styleText("dim", "·");
  return verdictOf([measure]) === "held" ? styleText("green", "✓") : styleText("red", "✗");
}

function describeMeasure({ name, value, unit = "", asked }: Measure): string {
  const said = asked === undefined ? "" : styleText("dim", `  (${asked})`);
  return `${name}: ${formatValue(value)}${unit && ` ${unit}`}${said}`;
}
