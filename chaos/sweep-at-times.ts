import { setInterval } from "node:timers/promises";
import type { recoveryHandler } from "@reliq/aws/recovery";

const SWEEP_MS = 20_000;

/** What recovery's schedule does, more often: what was forgotten by whoever was killed is gone on with. */
export async function sweepAtTimes(handler: ReturnType<typeof recoveryHandler>, signal: AbortSignal): Promise<void> {
  for await (const _ of setInterval(SWEEP_MS, undefined, { signal })) await handler({ reliq: "sweep" });
}
