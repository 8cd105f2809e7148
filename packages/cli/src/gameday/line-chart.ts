/** A line of a chart: seconds and values. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [seconds: number, value: number])[];
}

/** A span of a chart's time with a name. */
export interface Span {
  readonly name: string;
  readonly fromSeconds: number;
  readonly untilSeconds: number;
}

const WIDTH = 760;
const HEIGHT = 240;
const LEFT = 60;
const TOP = 34;
const BOTTOM = 40;
const COLOURS = ["#2563eb", "#dc2626", "#059669", "#d97706", "#7c3aed"];

/** Draws lines over seconds as an SVG, with its phases behind them. */
export function lineChart(
  title: string,
  unit: string,
  { lines, spans }: { readonly lines: readonly Line[]; readonly spans: readonly Span[] },
): string {
  const seconds = Math.max(1, ...lines.flatMap(({ points }) => points.map(([at]) => at)));
  const most = niceCeiling(Math.max(0, ...lines.flatMap(({ points }) => points.map(([, value]) => value))));
  const x = (at: number): string => (LEFT + (Math.min(at, seconds) / seconds) * (WIDTH - LEFT - 10)).toFixed(1);
  const y = (value: number): string => (HEIGHT - BOTTOM - (value / most) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
  const drawn = [
    text(LEFT, 14, `${title} (${unit})`, 'font-weight="bold"'),
    ...spans.filter(({ fromSeconds }) => fromSeconds < seconds).flatMap((span, index) => drawSpan(span, index, x)),
    ...[0, most / 2, most].flatMap((value) => [
      `<line x1="${LEFT}" x2="${WIDTH - 10}" y1="${y(value)}" y2="${y(value)}" stroke="#9ca3af" stroke-width="0.5"/>`,
      text(LEFT - 6, Number(y(value)) + 4, label(value), 'text-anchor="end"'),
    ]),
    text(LEFT, HEIGHT - 24, "0 s", ""),
    text(WIDTH - 10, HEIGHT - 24, `${Math.round(seconds)} s`, 'text-anchor="end"'),
    ...lines.flatMap((line, index) => drawLine(line, index, x, y)),
  ];
  const frame = `viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${frame} font-family="sans-serif" font-size="11">\n<rect width="100%" height="100%" fill="white"/>\n${drawn.join("\n")}\n</svg>\n`;
}

function drawSpan(
  { name, fromSeconds, untilSeconds }: Span,
  index: number,
  x: (at: number) => string,
): readonly string[] {
  const width = (Number(x(untilSeconds)) - Number(x(fromSeconds))).toFixed(1);
  const fill = index % 2 === 0 ? "#f3f4f6" : "#e5e7eb";
  return [
    `<rect x="${x(fromSeconds)}" y="${TOP - 14}" width="${width}" height="${HEIGHT - TOP - BOTTOM + 14}" fill="${fill}"/>`,
    ...(Number(width) > name.length * 5 ? [text(Number(x(fromSeconds)) + 3, TOP - 3, name, 'fill="#6b7280"')] : []),
  ];
}

function drawLine(
  { name, points }: Line,
  index: number,
  x: (at: number) => string,
  y: (value: number) => string,
): readonly string[] {
  const colour = COLOURS[index % COLOURS.length];
  const path = points.map(([at, value]) => `${x(at)},${y(value)}`).join(" ");
  return [
    `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${path}"/>`,
    text(LEFT + index * 160, HEIGHT - 8, name, `fill="${colour}"`),
  ];
}

function text(x: number, y: number, words: string, attributes: string): string {
  const escaped = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<text x="${x}" y="${y}" ${attributes}>${escaped}</text>`;
}

/** The next of 1, 2, 5, 10, 20, … */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? 10 * power;
}

function label(value: number): string {
  return Number(value.toFixed(2)).toLocaleString("en-US");
}
