import { setTimeout as wait } from "node:timers/promises";
import type { Context } from "aws-lambda";
import { type ReplayAnswer, replay } from "../domain/replay.ts";
import { readReplayRequest } from "../domain/replay-request.ts";
import { need } from "./environment.ts";
import { recoveryOptions } from "./recovery-options.ts";

/** How long the function waits for a replay's end at most, and how long it leaves to answer, milliseconds; the replay goes on without it. */
const LONGEST_WAIT_MS = 30_000;
const ANSWER_MS = 5_000;
const LOOK_EVERY_MS = 500;

const { ports } = recoveryOptions();
const queue = need("MAIN_QUEUE_NAME");

/** Replays archived messages, or says with `dry_run` exactly what that would do. @throws ReliqError `replay-request`, `run-exists` */
export async function handler(event: unknown, context: Context): Promise<ReplayAnswer> {
  const request = readReplayRequest(event, ports.now());
  const untilMs = ports.now() + Math.min(LONGEST_WAIT_MS, context.getRemainingTimeInMillis() - ANSWER_MS);
  const waitMore = async (): Promise<boolean> => {
    if (ports.now() >= untilMs) return false;
    await wait(LOOK_EVERY_MS);
    return true;
  };
  return replay(request, { queue, by: context.functionName, waitMore }, ports);
}
