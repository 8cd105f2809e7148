import { setTimeout as wait } from "node:timers/promises";

/** A request, and how it was answered. */
export interface Request {
  readonly orderId: string;
  readonly sentAtMs: number;
  /** The status of the answer; 0 where none came. */
  readonly status: number;
  readonly latencyMs: number;
}

/** Requests of a load, as they are answered. */
export interface Load {
  readonly requests: Request[];
  /** How many were sent. */
  sent: number;
}

/** A load without requests yet. */
export function newLoad(): Load {
  return { requests: [], sent: 0 };
}

/** Sends requests at a rate, whatever becomes of those before (an open loop: a slow answer slows no one down), and waits for all answers. */
export async function sendAtRate(
  load: Load,
  {
    ratePerSecond,
    seconds,
    signal,
  }: { readonly ratePerSecond: number; readonly seconds: number; readonly signal: AbortSignal },
  send: (index: number) => Promise<Request>,
): Promise<void> {
  const beganAtMs = performance.now();
  const total = Math.round(ratePerSecond * seconds);
  const answers: Promise<void>[] = [];
  for (let count = 0; count < total; count++) {
    const early = beganAtMs + (count * 1_000) / ratePerSecond - performance.now();
    if (early > 1) await wait(early, undefined, { signal });
    const index = load.sent++;
    answers.push(send(index).then((request) => void load.requests.push(request)));
  }
  await Promise.all(answers);
}
