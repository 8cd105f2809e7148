/** What one queue has seen and holds, each a number of messages. */
export interface QueueCounts {
  /** Sent to the queue. */
  readonly accepted: number;
  /** Deleted by a receiver. */
  readonly deleted: number;
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** Deleted unread by a person (purge). */
  readonly purged: number;
  /** Deleted by the queue at the end of its retention. */
  readonly expired: number;
  /** Come from another queue: dead-lettered here, or brought back by a move task. */
  readonly movedIn: number;
  /** Gone to another queue. */
  readonly movedOut: number;
}

/** Where the messages of a queue are: every accepted message is in exactly one of these places. */
export interface Account {
  readonly accepted: number;
  readonly processed: number;
  /** Visible or delayed. */
  readonly waiting: number;
  readonly inFlight: number;
  /** In the dead-letter queue. */
  readonly deadLettered: number;
  /** Purged, or deleted from the dead-letter queue: a person's decision. */
  readonly discarded: number;
  readonly expired: number;
  /** Gone to a queue that is not part of this account. */
  readonly movedAway: number;
  /** Accepted minus all of the places: 0 where nothing is lost and nothing doubled. */
  readonly difference: number;
}

const EMPTY: QueueCounts = {
  accepted: 0,
  deleted: 0,
  waiting: 0,
  inFlight: 0,
  delayed: 0,
  purged: 0,
  expired: 0,
  movedIn: 0,
  movedOut: 0,
};

/**
 * Balances a queue with its dead-letter queue. What was sent to the dead-letter queue itself is what a consumer sent there
 * when it failed fast: the queue saw a delete, and nothing was processed.
 */
export function account(queue: QueueCounts, deadLetterQueue: QueueCounts = EMPTY): Account {
  const dead = deadLetterQueue;
  const places = {
    processed: queue.deleted - dead.accepted,
    waiting: queue.waiting + queue.delayed,
    inFlight: queue.inFlight,
    deadLettered: dead.waiting + dead.delayed + dead.inFlight,
    discarded: queue.purged + dead.purged + dead.deleted,
    expired: queue.expired + dead.expired,
    movedAway: queue.movedOut + dead.movedOut - queue.movedIn - dead.movedIn,
  };
  const total = Object.values(places).reduce((sum, count) => sum + count, 0);
  return { accepted: queue.accepted, ...places, difference: queue.accepted - total };
}

/** The counts of several queues that share a dead-letter queue, as one. */
export function sumCounts(queues: readonly QueueCounts[]): QueueCounts {
  const names = Object.keys(EMPTY) as (keyof QueueCounts)[];
  return Object.fromEntries(
    names.map((name) => [name, queues.reduce((sum, queue) => sum + queue[name], 0)]),
  ) as unknown as QueueCounts;
}
