/**
 * What a client learned of one request: `lost` is a request whose answer never came, so that it may have been carried out or not.
 * `refused` carries the service's error code.
 */
export type Outcome =
  | { readonly kind: "done" }
  | { readonly kind: "lost" }
  | { readonly kind: "refused"; readonly code: string };

/** When a request began and when its answer came or was given up, milliseconds on the client's one clock. */
export interface Span {
  readonly startedMs: number;
  readonly endedMs: number;
}

/** A message that was sent; `id` is its body, and on a FIFO queue its deduplication id, too. */
export interface Send extends Span {
  readonly type: "send";
  readonly queue: string;
  readonly id: string;
  /** On a FIFO queue: its group, and its place among the group's sends, of which only one is under way at a time. */
  readonly group?: { readonly name: string; readonly place: number };
  readonly outcome: Outcome;
  /** What the service answered. */
  readonly messageId?: string;
}

/** A message as a receive answered it. */
export interface Delivery {
  readonly id: string;
  readonly messageId: string;
}

/** An answered receive; one whose answer was lost shows nothing. */
export interface Receive extends Span {
  readonly type: "receive";
  readonly queue: string;
  /** In the order of the answer. */
  readonly messages: readonly Delivery[];
}

/** A delete of a message by the handle of one of its deliveries. */
export interface Delete extends Span {
  readonly type: "delete";
  readonly queue: string;
  readonly messageId: string;
  /** When the receive began that gave the handle. */
  readonly receivedMs: number;
  readonly outcome: Outcome;
}

/** A put that may succeed only where nothing is there yet; several owners try for one key. */
export interface Claim extends Span {
  readonly type: "claim";
  readonly key: string;
  readonly owner: string;
  readonly outcome: Outcome;
}

/** An increment of a counter by one. */
export interface Increment extends Span {
  readonly type: "increment";
  readonly key: string;
  readonly outcome: Outcome;
}

/** A write of a value (null: a delete) to a key that has one writer, who has one write of it under way at a time. */
export interface Write extends Span {
  readonly type: "write";
  readonly key: string;
  readonly value: string | null;
  readonly outcome: Outcome;
}

/** An answered, consistent read; of a key with one writer, in turn with its writes; of any other, when no write is under way. */
export interface Read extends Span {
  readonly type: "read";
  readonly key: string;
  readonly value: string | null;
}

/**
 * A transaction that puts `owner` under every key, where nothing is there yet, and adds one to a counter that nothing else
 * touches. It may be repeated under the same request token. A doomed one holds a condition that never holds.
 */
export interface Transaction extends Span {
  readonly type: "transaction";
  readonly owner: string;
  readonly keys: readonly string[];
  readonly counter: string;
  readonly doomed: boolean;
  readonly outcome: Outcome;
}

export type Operation = Send | Receive | Delete | Claim | Increment | Write | Read | Transaction;

/** Everything that the clients did, in the order in which it ended. */
export interface History {
  readonly operations: readonly Operation[];
  /** The names of the FIFO queues. */
  readonly fifoQueues: readonly string[];
  /** The visibility timeout of every queue, milliseconds. */
  readonly visibilityMs: number;
}

/** A promise that was not kept, with the evidence in one sentence. */
export interface Violation {
  readonly kind: "lost" | "doubled" | "outOfOrder" | "broken";
  readonly evidence: string;
}

/** Every key that someone tried to write, of those that begin so. */
export function writtenKeys(operations: readonly Operation[], prefix: string): ReadonlySet<string> {
  const keys = operations.flatMap((each) => {
    if (each.type === "transaction") return [...each.keys, each.counter];
    return each.type === "claim" || each.type === "increment" || each.type === "write" ? [each.key] : [];
  });
  return new Set(keys.filter((key) => key.startsWith(prefix)));
}

/** What the last read of each key gave; undefined where it was not read. */
export function lastReads({ operations }: History): ReadonlyMap<string, string | null> {
  const reads = new Map<string, string | null>();
  for (const each of operations) if (each.type === "read") reads.set(each.key, each.value);
  return reads;
}
