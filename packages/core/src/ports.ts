import type { GroupOrder } from "./attempt/group-order.ts";
import type { InTurn } from "./attempt/in-turn.ts";
import type { TransactionalEffects } from "./attempt/transactional-effects.ts";
import type { DeadLetters } from "./journal/dead-letters.ts";
import type { JournalEntry } from "./journal/journal-entry.ts";
import type { Settled, Settlement } from "./journal/settlement.ts";
import type { LargeBodies } from "./message/large-bodies.ts";
import type { ReceivedMessage } from "./message/received-message.ts";
import type { Claim, ClaimItem } from "./model/claim-item.ts";
import type { GroupHolding } from "./quarantine/group-holding.ts";

/** What a consumer does with the journal. */
export interface ConsumerJournal {
  /**
   * Claims keys, a batch in one request: first receives insert, later receives take over, and insert where nothing was left.
   * Gives back, claim by claim, whether it is held. The keys of one call are distinct.
   * @throws where the service cannot be reached: then nothing may be handled.
   */
  claim(claims: readonly Claim[]): Promise<readonly boolean[]>;
  /**
   * Extends the leases of claims whose handlers are still at work, a batch in one request; gives back, claim by claim, whether it is still
   * held. A claim that another attempt has taken over, or that is done, stays as it is. The keys of one call are distinct. Needed by workers.
   * @throws where any of them could not be said; the next heartbeat asks again.
   */
  readonly renew?: ((claims: readonly Claim[]) => Promise<readonly boolean[]>) | undefined;
  /** Writes down how attempts ended, a batch in one request; gives back how each settlement ended, in order. Never throws for one of them alone. */
  settle(settlements: readonly Settlement[]): Promise<readonly Settled[]>;
  /** Of message groups, as `commit` names them, the place of the last message that has had its effect in order; undefined where none is known. Needed where a consumer with transactional effects holds groups. */
  readonly lastSequences?: ((groups: readonly string[]) => Promise<readonly (string | undefined)[]>) | undefined;
}

/** Where claims are kept and failed attempts are written down, and read again: one table, one protocol (`core/model`). */
export interface Journal extends ConsumerJournal {
  readonly renew: NonNullable<ConsumerJournal["renew"]>;
  /** The items behind keys, in order; undefined where there is none. */
  read(keys: readonly string[]): Promise<readonly (ClaimItem | undefined)[]>;
  /**
   * Commits a handler's writes together with its claim, or its place in the group's sequence, in one transaction.
   * `refused`: the effect was there already, and nothing was written.
   * @throws where the service refuses the handler's own writes, or cannot be reached.
   */
  commit(commit: Commit): Promise<"done" | "refused">;
  readonly lastSequences: NonNullable<ConsumerJournal["lastSequences"]>;
  /** The failed attempts of one message, in order of their receives. */
  attempts(queue: string, messageId: string): Promise<readonly JournalEntry[]>;
  /** The failed attempts of a queue on one day (UTC, `2026-01-31`), newest first. */
  failures(queue: string, day: string, options?: PageOptions): Promise<JournalPage>;
}

/** A handler's writes and what makes them happen once. */
export interface Commit {
  /** Items of DynamoDB's TransactWriteItems, at most 98. */
  readonly writes: readonly unknown[];
  readonly once:
    | { readonly by: "claim"; readonly claim: Claim }
    /**
     * FIFO: the group's last sequence number is the claim. A message that is sent again has a new one, so its lineage is claimed beside it, by
     * each message that was or may be. `place`: where in the group the effect is, if that is known to be in order.
     */
    | {
        readonly by: "sequence";
        readonly group: string;
        readonly sequenceNumber: string;
        readonly lineage?: Claim;
        readonly place?: string;
      };
}

/** Which page of a list to read. */
export interface PageOptions {
  /** At most 1,000; a page can hold fewer. @default 100 */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

/** One page of the journal. */
export interface JournalPage {
  readonly entries: readonly JournalEntry[];
  /** Present where more may follow. */
  readonly next?: string;
}

/** Sets when messages that stay on their queue become visible again. */
export interface Visibility {
  /** A batch in one request; a message whose visibility could not be changed comes back by its visibility timeout. */
  change(changes: readonly VisibilityChange[]): Promise<void>;
}

/** When one message becomes visible again. */
export interface VisibilityChange {
  readonly message: ReceivedMessage;
  /** 0 to 43,200 from now. */
  readonly afterSeconds: number;
}

/** One line of the structured log. */
export interface LogLine {
  readonly level: "error" | "info" | "warn";
  /** What happened, a code of docs/path-of-a-message.md. */
  readonly event: string;
  readonly [field: string]: unknown;
}

/** What `consume` works with; every deed goes through one of these. */
export interface ConsumePorts {
  readonly journal: ConsumerJournal;
  /** Needed where the consumer fails fast: `sqsDeadLetters` of `@reliq/aws`. */
  readonly deadLetters?: DeadLetters;
  /** Needed where the consumer backs off or defers. */
  readonly visibility?: Visibility;
  /** Needed where messages point to bodies in S3: `s3Bodies` of `@reliq/aws/s3`. */
  readonly bodies?: LargeBodies;
  /** Needed where the consumer's effect is transactional: `transactionalEffects(journal)`. */
  readonly effects?: TransactionalEffects;
  /** Needed on FIFO queues, unless the consumer's order is `none`: `groupOrder`. */
  readonly groups?: GroupOrder;
  /** Needed where the consumer holds groups. */
  readonly quarantine?: GroupHolding;
  /** Must not throw: a line that cannot be written is no reason to fail a message. */
  readonly log: (line: LogLine) => void;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  /** A signal that is aborted after so many seconds (undefined: no limit of its own), or with the delivery's; `end` frees its timer. */
  readonly timeLimit: (seconds: number | undefined, signal: AbortSignal) => TimeLimit;
  /** Where handlers of several batches share a limit: attempts a message once it is its turn. `inTurn` makes it. @default at once */
  readonly inTurn?: InTurn;
  /** A text that no other call gives, for fencing tokens. */
  readonly newToken: () => string;
}

/** The time that one attempt has. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  readonly end: () => void;
}
