/** What one queue has seen and holds, each a number of messages. */
export interface QueueCounts {
  /** Sent to the queue by a producer. */
  readonly accepted: number;
  /** Deleted by a consumer. */
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
  readonly deadLettered: number;
  readonly discarded: number;
  readonly expired: number;
  /** Accepted minus all of the places: 0 where nothing is lost and nothing doubled. */
  readonly difference: number;
}

/** Balances a queue with its dead-letter queue, which holds what the queue moved there and what its consumer sent there (fail fast). */
export function account(queue: QueueCounts, deadLetterQueue?: QueueCounts): Account {
  const failedFast = deadLetterQueue?.accepted ?? 0;
  const places = {
    processed: queue.deleted - failedFast,
    waiting: queue.waiting + queue.delayed,
    inFlight: queue.inFlight,
    deadLettered: queue.movedOut - queue.movedIn + failedFast,
    discarded: queue.purged,
    expired: queue.expired,
  };
  const total = Object.values(places).reduce((sum, count) => sum + count, 0);
  return { accepted: queue.accepted, ...places, difference: queue.accepted - total };
}
