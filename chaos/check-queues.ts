import type { Delete, Delivery, History, Receive, Send, Violation } from "./history.ts";

/** By how much the client's clock and the region's may differ over a visibility timeout, milliseconds. */
const CLOCK_TOLERANCE_MS = 50;

interface Message {
  readonly queue: string;
  readonly id: string;
  readonly messageId: string;
  /** In the order in which their receives ended. */
  readonly receives: Receive[];
  readonly deletes: Delete[];
}

/**
 * Every accepted message is delivered until it is deleted, and never after that or while it is in flight; a FIFO deduplication
 * id, whose sends lie within the deduplication interval, gives one message.
 */
export function checkQueues(history: History): readonly Violation[] {
  const messages = collectMessages(history);
  return [
    ...[...messages.values()].flatMap((message) => [
      ...checkNotLost(message),
      ...checkStaysDeleted(history, message),
      ...checkOneReceiver(history, message),
    ]),
    ...checkSends(history, messages),
  ];
}

/** What exists: messages whose send was acknowledged, and messages that were delivered. */
function collectMessages({ operations }: History): ReadonlyMap<string, Message> {
  const messages = new Map<string, Message>();
  const messageOf = (queue: string, { id, messageId }: Delivery): Message => {
    const known = messages.get(messageId) ?? { queue, id, messageId, receives: [], deletes: [] };
    messages.set(messageId, known);
    return known;
  };
  for (const operation of operations) {
    if (operation.type === "send" && operation.messageId !== undefined) {
      messageOf(operation.queue, { id: operation.id, messageId: operation.messageId });
    } else if (operation.type === "receive") {
      for (const each of operation.messages) messageOf(operation.queue, each).receives.push(operation);
    } else if (operation.type === "delete") {
      messages.get(operation.messageId)?.deletes.push(operation);
    }
  }
  return messages;
}

function checkNotLost(message: Message): readonly Violation[] {
  if (message.deletes.some(({ outcome }) => outcome.kind !== "refused")) return [];
  const after = message.receives.length === 0 ? "was accepted and never delivered" : "vanished after its last delivery";
  return [{ kind: "lost", evidence: `${name(message)} ${after}; no delete of it was carried out` }];
}

function checkStaysDeleted({ fifoQueues, visibilityMs }: History, message: Message): readonly Violation[] {
  const fifo = fifoQueues.includes(message.queue);
  // A standard queue acknowledges a delete with an expired handle, too, and deletes nothing where another receive came between.
  const carriedOut = message.deletes.filter(
    ({ outcome, endedMs, receivedMs }) => outcome.kind === "done" && (fifo || endedMs <= receivedMs + visibilityMs),
  );
  const deletedMs = Math.min(...carriedOut.map(({ endedMs }) => endedMs));
  const back = message.receives.filter(({ startedMs }) => startedMs >= deletedMs);
  return back.map(({ startedMs }) => ({
    kind: "doubled",
    evidence: `${name(message)} was deleted at ${seconds(deletedMs)} and came back in a receive that began at ${seconds(startedMs)}`,
  }));
}

function checkOneReceiver({ visibilityMs }: History, message: Message): readonly Violation[] {
  const hiddenMs = visibilityMs - CLOCK_TOLERANCE_MS;
  return message.receives.flatMap((later, index) => {
    const earlier = message.receives[index - 1];
    if (!earlier) return [];
    if (later.endedMs >= earlier.startedMs + hiddenMs || earlier.endedMs >= later.startedMs + hiddenMs) return [];
    const evidence = `${name(message)} was in flight since ${seconds(earlier.startedMs)} and given again before ${seconds(later.endedMs)}`;
    return [{ kind: "doubled", evidence }];
  });
}

/** No more messages than sends, and one for each deduplication id. */
function checkSends({ operations, fifoQueues }: History, messages: ReadonlyMap<string, Message>): readonly Violation[] {
  const key = (queue: string, id: string): string => JSON.stringify([queue, id]);
  const sends = Map.groupBy(
    operations.filter((each): each is Send => each.type === "send" && each.outcome.kind !== "refused"),
    ({ queue, id }) => key(queue, id),
  );
  const made = Map.groupBy(messages.values(), ({ queue, id }) => key(queue, id));
  return [...made].flatMap(([of, [first, ...others]]) => {
    if (!first) return [];
    const tries = sends.get(of)?.length ?? 0;
    const most = fifoQueues.includes(first.queue) ? Math.min(1, tries) : tries;
    const evidence = `${tries} sends of ${first.id} to ${first.queue} made ${1 + others.length} messages`;
    return 1 + others.length > most ? [{ kind: most === 0 ? "broken" : "doubled", evidence }] : [];
  });
}

function name({ queue, id, messageId }: Message): string {
  return `Message ${id} (${messageId}) of ${queue}`;
}

function seconds(atMs: number): string {
  return `${(atMs / 1000).toFixed(3)} s`;
}
