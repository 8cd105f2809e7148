import {
  ENVELOPE_ATTRIBUTE,
  type Envelope,
  envelopeAttribute,
  type MessageAttribute,
  type ReceivedMessage,
} from "../src/index.ts";

/** How long a received message is out of sight, ms. */
export const FIFO_VISIBILITY_MS = 30_000;

/** For so long a deduplication id is remembered, ms. */
const REMEMBERED_MS = 300_000;

/** A message that was dead-lettered. */
export interface DeadLettered extends Queued {
  /** As its queue had it: a dead-letter queue gives it a sequence number of its own. */
  readonly original: ReceivedMessage;
}

/** A message on a FIFO queue in memory. */
export interface Queued {
  readonly message: ReceivedMessage;
  visibleAtMs: number;
  receiveCount: number;
}

/** What is sent. */
interface Sent {
  readonly group: string;
  readonly body: string;
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
  readonly envelope?: Envelope;
  readonly deduplicationId?: string;
}

/** A FIFO queue and its dead-letter queue in memory, by SQS's rules: a group is given in order, and not while a message of it is in hand. */
export class FifoQueue {
  readonly queued: Queued[] = [];
  readonly dead: DeadLettered[] = [];
  readonly #name: string;
  readonly #maxReceives: number;
  readonly #seen = new Map<string, { readonly atMs: number; readonly sequenceNumber: string }>();
  #numbers = 0;

  constructor(name: string, maxReceives: number) {
    this.#name = name;
    this.#maxReceives = maxReceives;
  }

  send(
    { group, body, attributes = {}, envelope, deduplicationId }: Sent,
    nowMs: number,
  ): { messageId: string; sequenceNumber: string } {
    const seen = deduplicationId === undefined ? undefined : this.#seen.get(deduplicationId);
    if (seen && nowMs - seen.atMs < REMEMBERED_MS) return { messageId: "same", sequenceNumber: seen.sequenceNumber };
    const sequenceNumber = this.#nextNumber();
    if (deduplicationId !== undefined) this.#seen.set(deduplicationId, { atMs: nowMs, sequenceNumber });
    const message: ReceivedMessage = {
      messageId: `m-${Number(sequenceNumber)}`,
      queue: this.#name,
      body,
      attributes: envelope ? { ...attributes, [ENVELOPE_ATTRIBUTE]: envelopeAttribute(envelope) } : attributes,
      receiveCount: 0,
      sentAtMs: nowMs,
      groupId: group,
      sequenceNumber,
    };
    this.queued.push({ message, visibleAtMs: 0, receiveCount: 0 });
    return { messageId: message.messageId, sequenceNumber };
  }

  /** At most `most` messages; one that was received too often is dead-lettered instead, and the next of its group given. */
  receive(most: number, nowMs: number): readonly Queued[] {
    const locked = new Set(
      this.queued.filter((each) => each.visibleAtMs > nowMs).map(({ message }) => message.groupId),
    );
    const free = this.queued.filter(({ message }) => !locked.has(message.groupId));
    const given: Queued[] = [];
    for (const each of free) {
      if (given.length === most) break;
      if (each.receiveCount >= this.#maxReceives) {
        this.queued.splice(this.queued.indexOf(each), 1);
        this.#bury(each);
        continue;
      }
      each.visibleAtMs = nowMs + FIFO_VISIBILITY_MS;
      each.receiveCount++;
      given.push(each);
    }
    return given;
  }

  #bury({ message, receiveCount }: Queued): void {
    const letter = { ...message, sequenceNumber: this.#nextNumber() };
    this.dead.push({ message: letter, original: message, receiveCount, visibleAtMs: 0 });
  }

  #nextNumber(): string {
    return String(++this.#numbers).padStart(20, "0");
  }

  /** An old receipt handle deletes nothing. */
  delete(messageId: string, receiveCount: number): void {
    const index = this.queued.findIndex(
      (each) => each.message.messageId === messageId && each.receiveCount === receiveCount,
    );
    if (index >= 0) this.queued.splice(index, 1);
  }

  hide(messageId: string, receiveCount: number, untilMs: number): void {
    const found = this.queued.find(
      (each) => each.message.messageId === messageId && each.receiveCount === receiveCount,
    );
    if (found) found.visibleAtMs = untilMs;
  }
}
