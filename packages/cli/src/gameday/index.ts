export { emptyWidgets } from "./empty-widgets.ts";
export { CannotPlay, type Chart, type GameDay, type Sample, type Stage, type StageSettings } from "./game-day.ts";
export { type Line, lineChart, type Span } from "./line-chart.ts";
export { atLeast, atMost, exactly, type Measure, quantile, shown } from "./measures.ts";
