import { countAside, type Quarantine } from "@reliq/core/recovery";
import type { Measure } from "../telemetry/measures.ts";
import type { RecoveredQueue } from "./recovered-queue.ts";

/** How many groups of FIFO queues are held, how many messages wait in them, and for how many seconds the oldest has been held. */
export async function measureQuarantines(
  queues: readonly RecoveredQueue[],
  quarantine: Pick<Quarantine, "open">,
  nowMs: number,
): Promise<readonly Measure[]> {
  const fifo = queues.filter(({ name }) => name.endsWith(".fifo"));
  const measures = await Promise.all(
    fifo.map(async ({ name }): Promise<readonly Measure[]> => {
      const held = (await quarantine.open(name)).filter(({ phase }) => phase !== "free");
      const oldestMs = Math.min(nowMs, ...held.map(({ sinceMs }) => sinceMs));
      const gauge = (metric: string, value: number): Measure => {
        return { name: metric, value, kind: "gauge", dimensions: { Queue: name } };
      };
      return [
        gauge("Quarantined_Groups", held.length),
        gauge(
          "Quarantined_Messages",
          held.reduce((sum, mark) => sum + countAside(mark), 0),
        ),
        gauge("Quarantine_Oldest_Seconds", Math.floor((nowMs - oldestMs) / 1_000)),
      ];
    }),
  );
  return measures.flat();
}
