import { chunks } from "../chunks.ts";
import type { ChangeEnd } from "../failure/change-messages.ts";
import type { FailedMessage } from "../failure/failed-message.ts";
import { inCommits } from "../failure/in-commits.ts";
import { unsendableBecause } from "../heal/unsendable.ts";
import { isFifo } from "../order/is-fifo.ts";
import type { DueSend, RecoverPorts, Transition, WakeUp } from "../recover-ports.ts";
import { olderFirst } from "../redrive/order-plan.ts";

/** The most ids of one wake-up that are sent at once. */
const MOST_REMINDED = 100;

/**
 * Lets held messages of one queue be sent to it because a person asks for it; FIFO: older first, whatever fails on the way. Their
 * records say so at once, and a wake-up sends them: killed anywhere, what is recorded is still sent. One that SQS would refuse stays
 * held. FIFO: at most 1,000; what is asked for by two calls has no order between them.
 */
export async function sendHeld(
  failures: readonly FailedMessage[],
  asked: NonNullable<FailedMessage["asked"]>,
  ports: Pick<RecoverPorts, "now" | "store" | "wakeUps">,
): Promise<readonly ChangeEnd[]> {
  const refused = failures.flatMap((failure): ChangeEnd[] => {
    const why = unsendableBecause(failure);
    return why === undefined ? [] : [{ id: failure.id, kind: "refused", because: `it cannot be sent: ${why}` }];
  });
  const sendable = failures.filter(({ id }) => !refused.some((each) => each.id === id));
  const ordered = isFifo(failures[0]?.queue ?? "") ? sendable.toSorted(olderFirst) : sendable;
  // Due a millisecond apart: the sweep, which finds them where nobody is reminded, takes them in this order too.
  const dueFromMs = ports.now() - ordered.length;
  const due = ordered.map((before, index) => ({
    before,
    after: healing(before, asked, dueFromMs + index, ports.now()),
  }));
  const accepted: FailedMessage[] = [];
  for (const some of inCommits(due)) accepted.push(...(await commitAsked(some, asked, ports)));
  await remind(accepted, ports);
  const done = new Set(accepted.map(({ id }) => id));
  const ends = sendable.map(({ id }): ChangeEnd => {
    return done.has(id) ? { id, kind: "done" } : { id, kind: "refused", because: "it has just changed: look again" };
  });
  return [...refused, ...ends];
}

/** Lets held messages of several queues be sent as `sendHeld` does, and says of each how that ended. */
export async function sendToQueues(
  failures: readonly FailedMessage[],
  asked: NonNullable<FailedMessage["asked"]>,
  ports: Pick<RecoverPorts, "now" | "store" | "wakeUps">,
): Promise<ReadonlyMap<string, ChangeEnd>> {
  const ends = new Map<string, ChangeEnd>();
  for (const ofQueue of Map.groupBy(failures, ({ queue }) => queue).values()) {
    for (const end of await sendHeld(ofQueue, asked, ports)) ends.set(end.id, end);
  }
  return ends;
}

/** One that has changed meanwhile keeps none of the others. */
async function commitAsked(
  transitions: readonly Transition<FailedMessage>[],
  asked: NonNullable<FailedMessage["asked"]>,
  ports: Pick<RecoverPorts, "now" | "store">,
): Promise<readonly FailedMessage[]> {
  const [first] = transitions;
  if (!first) return [];
  if ((await commit(transitions, first.after.queue, asked, ports)) === "committed") {
    return transitions.map(({ after }) => after);
  }
  if (transitions.length === 1) return [];
  return (await Promise.all(transitions.map((each) => commitAsked([each], asked, ports)))).flat();
}

function healing(
  before: FailedMessage,
  asked: NonNullable<FailedMessage["asked"]>,
  dueAtMs: number,
  nowMs: number,
): FailedMessage {
  return { ...before, state: "healing", version: before.version + 1, asked, dueAtMs, updatedAtMs: nowMs };
}

function commit(
  failures: readonly Transition<FailedMessage>[],
  chain: string,
  { via, by }: NonNullable<FailedMessage["asked"]>,
  { store, now }: Pick<RecoverPorts, "now" | "store">,
): Promise<"committed" | "conflict"> {
  const subjects = failures.map(({ after }) => after.id);
  return store.commit({
    failures,
    audit: { chain, atMs: now(), by, action: "send-asked", subjects, details: { via } },
  });
}

async function remind(accepted: readonly FailedMessage[], { wakeUps }: Pick<RecoverPorts, "wakeUps">): Promise<void> {
  const [first] = accepted;
  if (!first) return;
  const due = accepted.map(({ id, sends }): DueSend => ({ id, sends }));
  if (isFifo(first.queue)) return wakeUps.add([{ wakeUp: sendInTurn(due), afterSeconds: 0 }]);
  const pages = chunks(due, MOST_REMINDED);
  await wakeUps.add(pages.map((page) => ({ wakeUp: { kind: "send", failures: page }, afterSeconds: 0 })));
}

/** One wake-up for messages that are to be sent in this order, however many: each page waits for the one before. */
export function sendInTurn(due: readonly DueSend[]): WakeUp {
  const then = due.slice(MOST_REMINDED);
  return { kind: "send", failures: due.slice(0, MOST_REMINDED), ...(then.length > 0 && { then }) };
}
