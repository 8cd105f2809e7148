import { setTimeout as wait } from "node:timers/promises";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { LogLine, ReceivedMessage } from "@reliq/core";
import type { Health } from "./health.ts";
import type { Intake } from "./intake.ts";
import type { Pause } from "./pause.ts";
import { createReceive } from "./receive-messages.ts";

interface Polling {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly intake: Intake;
  readonly pause: Pause;
  readonly health: Health;
  readonly log: (line: LogLine) => void;
  readonly signal: AbortSignal;
}

/** The longest wait after receives that failed, milliseconds. */
const LONGEST_WAIT_MS = 20_000;

/** Receives while there is room, hands batches over without waiting for them, and ends with the signal. */
export async function poll(polling: Polling, hand: (messages: readonly ReceivedMessage[]) => void): Promise<void> {
  const receive = createReceive(polling.client, polling.queueUrl, polling.signal);
  await Promise.all(Array.from({ length: polling.intake.places }, (_, place) => pollAt(place, receive, polling, hand)));
}

async function pollAt(
  place: number,
  receive: () => Promise<readonly ReceivedMessage[]>,
  { queueUrl, intake, pause, health, log, signal }: Polling,
  hand: (messages: readonly ReceivedMessage[]) => void,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    await pause.over();
    await intake.room(place);
    if (signal.aborted) return;
    try {
      const messages = await receive();
      failures = 0;
      health.received();
      intake.received(messages.length);
      if (messages.length > 0) hand(messages);
    } catch (error) {
      if (signal.aborted) return;
      failures++;
      health.failed();
      log({ level: "error", event: "receive-failed", queueUrl, error: String(error) });
      const waitMs = Math.min(LONGEST_WAIT_MS, 200 * 2 ** failures) * Math.random();
      await wait(waitMs, undefined, { signal }).catch(() => {});
    }
  }
}
