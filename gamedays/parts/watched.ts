import type { Chart, Stage } from "reliq/gameday";
import type { Ingestion } from "./ingestion.ts";
import type { Load } from "./load.ts";

/** The charts of what `watchIngestion` watches. */
export const CHARTS: readonly Chart[] = [
  { title: "Requests and answers", unit: "a second", lines: ["requests/s", "accepted/s"] },
  { title: "Where events wait", unit: "messages", lines: ["in the queue", "held"] },
  { title: "Time to answer", unit: "ms", lines: ["slowest answer"] },
];

/** Watches a load and what becomes of it, each second. */
export function watchIngestion(stage: Stage, system: Ingestion, load: Load): void {
  let sent = 0;
  let answered = 0;
  let atMs = Date.now();
  stage.watch(async () => {
    const [depth, held] = await Promise.all([system.depth(), system.held()]);
    const seconds = Math.max(0.001, (Date.now() - atMs) / 1_000);
    const fresh = load.requests.slice(answered);
    const sample = {
      "requests/s": Math.round((load.sent - sent) / seconds),
      "accepted/s": Math.round(fresh.filter(({ status }) => status === 202).length / seconds),
      "in the queue": depth,
      held,
      "slowest answer": Math.round(Math.max(0, ...fresh.map(({ latencyMs }) => latencyMs))),
    };
    sent = load.sent;
    answered = load.requests.length;
    atMs = Date.now();
    return sample;
  });
}
