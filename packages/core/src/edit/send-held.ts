import type { FailedMessage } from "../failure/failed-message.ts";
import { isFifo } from "../order/is-fifo.ts";
import type { RecoverPorts, Transition } from "../recover-ports.ts";
import { olderFirst } from "../redrive/order-plan.ts";

/** The most records of one commit. */
const MOST_RECORDS = 20;
/** The most ids of one wake-up. */
const MOST_REMINDED = 100;

/**
 * Lets held messages of one queue be sent to it because a person asks for it; FIFO: older first. Their records say so at once, and
 * a wake-up sends them: killed anywhere, what is recorded is still sent. Gives back the ids of those that are on their way; the
 * others had changed meanwhile.
 */
export async function sendHeld(
  failures: readonly FailedMessage[],
  asked: NonNullable<FailedMessage["asked"]>,
  ports: Pick<RecoverPorts, "now" | "store" | "wakeUps">,
): Promise<readonly string[]> {
  const [first] = failures;
  const ordered = first && isFifo(first.queue) ? failures.toSorted(olderFirst) : failures;
  const accepted: FailedMessage[] = [];
  for (let start = 0; start < ordered.length; start += MOST_RECORDS) {
    accepted.push(...(await commitAsked(ordered.slice(start, start + MOST_RECORDS), asked, ports)));
  }
  await remind(accepted, ports);
  return accepted.map(({ id }) => id);
}

/** One that has changed meanwhile keeps none of the others. */
async function commitAsked(
  failures: readonly FailedMessage[],
  asked: NonNullable<FailedMessage["asked"]>,
  ports: Pick<RecoverPorts, "now" | "store">,
): Promise<readonly FailedMessage[]> {
  const atMs = ports.now();
  const transitions = failures.map((before) => ({ before, after: healing(before, asked, atMs) }));
  const [first] = transitions;
  if (!first) return [];
  if ((await commit(transitions, first.after.queue, asked, atMs, ports)) === "committed") {
    return transitions.map(({ after }) => after);
  }
  if (failures.length === 1) return [];
  return (await Promise.all(failures.map((failure) => commitAsked([failure], asked, ports)))).flat();
}

function healing(before: FailedMessage, asked: NonNullable<FailedMessage["asked"]>, atMs: number): FailedMessage {
  return { ...before, state: "healing", version: before.version + 1, asked, dueAtMs: atMs, updatedAtMs: atMs };
}

function commit(
  failures: readonly Transition<FailedMessage>[],
  chain: string,
  { via, by }: NonNullable<FailedMessage["asked"]>,
  atMs: number,
  { store }: Pick<RecoverPorts, "store">,
): Promise<"committed" | "conflict"> {
  const subjects = failures.map(({ after }) => after.id);
  return store.commit({
    failures,
    audit: { chain, atMs, by, action: "send-asked", subjects, details: { via } },
  });
}

/** A second apart, so that of more than one wake-up the first is likely to be over before the next. */
async function remind(accepted: readonly FailedMessage[], { wakeUps }: Pick<RecoverPorts, "wakeUps">): Promise<void> {
  if (accepted.length === 0) return;
  const pages = Array.from({ length: Math.ceil(accepted.length / MOST_REMINDED) }, (_, page) =>
    accepted.slice(page * MOST_REMINDED, (page + 1) * MOST_REMINDED),
  );
  await wakeUps.add(
    pages.map((page, index) => ({
      wakeUp: { kind: "send", failures: page.map(({ id, sends }) => ({ id, sends })) } as const,
      afterSeconds: index,
    })),
  );
}
