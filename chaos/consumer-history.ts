/** The modes of docs/guarantees.md, each with a queue of its own. */
export const MODES = ["plain", "keyed", "transactional", "sequence"] as const;

/**
 * The visibility timeout of every queue, seconds: what a dead worker had in hand comes back after it, and what a worker has that stands still
 * as long. Longer than the 5 s of a deferral, so that a heartbeat can be told from one.
 */
export const VISIBILITY_SECONDS = 6;

export type Mode = (typeof MODES)[number];

/** What a handler does wrong, at each of a message's first `receives` receives. */
export interface Fault {
  readonly kind: "throw" | "hang" | "exit";
  /** `after`: its effect is there, or its writes are returned (hang: too late; exit: while they are committed). */
  readonly when: "before" | "after";
  readonly receives: number;
}

/** A message as its producer sent it: the whole body, so that its repeats are equal to it. */
export interface SentMessage {
  readonly mode: Mode;
  /** Names the effect; a producer's repeat has the same. */
  readonly key: string;
  /** In the mode `sequence`: its group. */
  readonly group?: string;
  readonly fault?: Fault;
}

/** An effect that was left behind. */
export interface Effect {
  readonly mode: Mode;
  readonly key: string;
}

/** A handler that reached its effect, in the modes `plain` and `keyed`. */
export interface Run extends Effect {
  readonly worker: string;
  readonly messageId: string;
  readonly receiveCount: number;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** Its time was over before its effect was there. */
  readonly late: boolean;
}

/** A receive of a message that its worker ended: deleted the message, or gave it back. */
export interface Hold {
  readonly worker: string;
  readonly messageId: string;
  readonly receiveCount: number;
  /** From the service's time of the receive to the answer of its end, milliseconds. */
  readonly heldMs: number;
  /** The longest time between two answers of the service about it: receive, heartbeats, end. Over the visibility timeout, others can have got it. */
  readonly longestSilenceMs: number;
}

/** What producers sent and what handlers left behind. */
export interface ConsumerHistory {
  /** In the order in which the queue accepted them, repeats left out. */
  readonly sent: readonly SentMessage[];
  /** The effects of a group in the order in which they came to be. */
  readonly effects: readonly Effect[];
  readonly runs: readonly Run[];
  readonly holds: readonly Hold[];
  /** When each worker died that was killed or exited, milliseconds since the Unix epoch. */
  readonly deathsMs: ReadonlyMap<string, number>;
}
