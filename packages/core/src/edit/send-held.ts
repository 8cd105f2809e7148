import type { FailedMessage } from "../failure/failed-message.ts";
import { type SendAgain, type SentAgain, sendAgain, sendOnce } from "../heal/send-again.ts";
import type { RecoverPorts } from "../recover-ports.ts";

/** When a requeued message is looked after first, seconds. */
const FIRST_LOOK_SECONDS = 2;

/** The most records of one commit. */
const MOST_RECORDS = 20;

/**
 * Sends a queue's held messages to it by hand, in their order, and sees to it that their outcomes are observed. Gives back the ids
 * of those that were sent; what SQS did not take is tried once more, and otherwise left to the schedule that looks for what is overdue.
 */
export async function sendHeld(
  failures: readonly FailedMessage[],
  how: SendAgain,
  ports: RecoverPorts,
): Promise<readonly string[]> {
  const sent: string[] = [];
  for (let start = 0; start < failures.length; start += MOST_RECORDS) {
    const ends = await sendAgain(failures.slice(start, start + MOST_RECORDS), how, ports);
    const doubt = ends.filter(({ kind }) => kind === "in-doubt").map(({ failure }) => failure);
    const again = doubt.length > 0 ? await sendOnce(doubt, how, ports) : [];
    sent.push(...[...ends, ...again].filter(isSent).map(({ failure }) => failure.id));
  }
  if (sent.length > 0) {
    const wakeUp = { kind: "observe", failures: sent, round: 0 } as const;
    await ports.wakeUps.add([{ wakeUp, afterSeconds: FIRST_LOOK_SECONDS }]);
  }
  return sent;
}

function isSent({ kind }: SentAgain): boolean {
  return kind === "sent";
}
