import type { CountedQueues } from "./account/check-account.ts";
import type { Ledger } from "./account/ledger.ts";
import type { Alert, AlertState } from "./alert/alert-state.ts";
import type { Approval, ApprovalState } from "./approval/approval.ts";
import type { ArchivedMessage } from "./archive/archived-message.ts";
import type { AuditEntry, AuditHead, AuditRecord } from "./audit/audit-entry.ts";
import type { FunctionReport } from "./classify/cause-of-death.ts";
import type { ArchivePlace, FailedMessage, MessageContent } from "./failure/failed-message.ts";
import type { FailureListOptions, FailurePage, GroupFilter, GroupPage } from "./failure/failure-filter.ts";
import type { FailureGroup, GroupCount, HourCount } from "./failure/failure-group.ts";
import type { QueueSchema } from "./failure/queue-schema.ts";
import type { QueueTotals } from "./failure/queue-totals.ts";
import type { Envelope } from "./message/envelope.ts";
import type { Journal, LogLine, PageOptions } from "./ports.ts";
import type { Quarantine } from "./quarantine/quarantine.ts";
import type { SetAsideMessage } from "./quarantine/set-aside-message.ts";
import type { QueueRun, RedriveRun, RunEntry } from "./redrive/redrive-run.ts";

/** From which version of a record to which: it holds only where the stored one is still `before` (none: it must not be there). */
export interface Transition<Item> {
  readonly before: Item | undefined;
  readonly after: Item;
}

/** What changes together, all or nothing, with the record of who did it. */
export interface StoreChange {
  /** At most 20. */
  readonly failures?: readonly Transition<FailedMessage>[];
  /** Changes of groups' life cycles; their counts are added by `counts`. */
  readonly groups?: readonly Transition<FailureGroup>[];
  readonly counts?: readonly GroupCount[];
  readonly runs?: readonly Transition<RedriveRun>[];
  /** At most 50; each comes with a change of its run. */
  readonly entries?: readonly Transition<RunEntry>[];
  /** Which run a queue has. */
  readonly queueRuns?: readonly Transition<QueueRun>[];
  readonly alerts?: readonly Transition<AlertState>[];
  readonly approvals?: readonly Transition<Approval>[];
  readonly audit: AuditRecord;
}

/** Where failed messages, their groups, redrives and the audit are kept. No call's cost grows with what is stored. */
export interface FailureStore {
  /** Failed messages by id, in order. Consistent. */
  failures(ids: readonly string[]): Promise<readonly (FailedMessage | undefined)[]>;
  /** Groups by id, in order. Consistent. */
  groups(ids: readonly string[]): Promise<readonly (FailureGroup | undefined)[]>;
  /**
   * `conflict`: something was changed since it was read, and nothing was written: read again, decide again. Repeating one that
   * was committed is a conflict, unless it has no transition at all: then it is a second audit entry.
   * @throws ReliqError `store-change` for one that cannot be committed at all
   */
  commit(change: StoreChange): Promise<"committed" | "conflict">;
  listFailures(options: FailureListOptions): Promise<FailurePage>;
  listGroups(options: PageOptions & { readonly filter?: GroupFilter }): Promise<GroupPage>;
  /** Deaths of a group by hour, the hours of a time range in which there were any, oldest first. */
  hours(group: string, fromMs: number, toMs: number): Promise<readonly HourCount[]>;
  /**
   * Ids of messages in `state`, healing and due at `beforeMs` or earlier, or requeued then or earlier; the longest waiting first,
   * at most 100. Eventually consistent: read each before acting on it.
   */
  overdue(state: "healing" | "requeued", beforeMs: number): Promise<readonly string[]>;
  /** Of every queue that has failed messages. */
  totals(): Promise<readonly QueueTotals[]>;
  run(id: string): Promise<RedriveRun | undefined>;
  listRuns(options: PageOptions): Promise<{ readonly runs: readonly RedriveRun[]; readonly next?: string }>;
  /** A run's entries by place in the plan, from `from`, at most 100. */
  entries(run: string, from: number): Promise<readonly RunEntry[]>;
  /** Which run a queue has, or had last. Consistent. */
  queueRun(queue: string): Promise<QueueRun | undefined>;
  alert(group: string): Promise<AlertState | undefined>;
  /** Consistent. */
  approval(id: string): Promise<Approval | undefined>;
  /** In one state or in any, the one that was asked for last first. */
  listApprovals(
    options: PageOptions & { readonly state?: ApprovalState | undefined },
  ): Promise<{ readonly approvals: readonly Approval[]; readonly next?: string }>;
  /** A chain's entries from a sequence number on, at most 100. */
  audit(chain: string, from: number): Promise<readonly AuditEntry[]>;
  /** A chain's end, which its last entry must be. Consistent. */
  auditHead(chain: string): Promise<AuditHead | undefined>;
  /** Names of all chains. */
  chains(): Promise<readonly string[]>;
}

/** Object storage for archived messages and for bodies that are too large for the table. */
export interface Archive {
  /** Puts a message under a key made of its id and its death: repeated, it is there once. */
  put(archived: ArchivedMessage): Promise<ArchivePlace>;
  /** @throws ReliqError `archive-damaged` where the object is not what its hash says */
  get(place: ArchivePlace): Promise<ArchivedMessage>;
  putBody(id: string, body: string): Promise<NonNullable<MessageContent["bodyAt"]>>;
  getBody(place: NonNullable<MessageContent["bodyAt"]>): Promise<string>;
}

/** What is sent to a queue again. */
export interface ResentMessage {
  readonly failure: FailedMessage;
  /** The body, whole, also where the failed message only says where it is. */
  readonly body: string;
  readonly envelope: Envelope;
  /** Standard queues: 0 to 900. */
  readonly delaySeconds: number;
}

/** A message that was set aside, on its way back to its queue. */
export interface ReleasedMessage {
  readonly message: SetAsideMessage;
  /** The body, whole. */
  readonly body: string;
  readonly envelope: Envelope;
}

/** The way back to a queue. */
export interface Resend {
  /** Sends messages to the queues that they died on, in order within a group; gives back, message by message, its new SQS id, or why it was not sent. */
  send(
    messages: readonly ResentMessage[],
  ): Promise<readonly ({ readonly messageId: string } | { readonly error: unknown })[]>;
  /** Sends messages of one group to their queue, one after the other: none is sent once one was not. Gives back their sequence numbers there, and the error of the first that was not sent. */
  release(
    messages: readonly ReleasedMessage[],
  ): Promise<{ readonly sent: readonly { readonly sequenceNumber: string }[]; readonly error?: unknown }>;
}

/** A healing message that is to be sent, and how often it had been sent when that was decided. */
export interface DueSend {
  readonly id: string;
  readonly sends: number;
}

/** What recovery does later. */
export type WakeUp =
  /** Send these healing messages: one that has been sent since is in doubt, and sent once more as it was. Once SQS has them all, `then` is next: FIFO, at most 1,000. */
  | { readonly kind: "send"; readonly failures: readonly DueSend[]; readonly then?: readonly DueSend[] }
  /** See what became of these requeued messages. */
  | { readonly kind: "observe"; readonly failures: readonly string[]; readonly round: number }
  | { readonly kind: "run"; readonly run: string }
  | { readonly kind: "alert"; readonly group: string }
  /** Go on with a message group that is held. */
  | { readonly kind: "release"; readonly queue: string; readonly group: string; readonly round: number };

/** Reminds recovery: durable, at least once, not before its time, at most 100 ids each. */
export interface WakeUps {
  add(wakeUps: readonly { readonly wakeUp: WakeUp; readonly afterSeconds: number }[]): Promise<void>;
}

/** Tells people: a topic, webhooks. */
export interface AlertChannel {
  send(alert: Alert): Promise<void>;
}

/** How a queue is doing, as far as its host tells; such numbers are a minute or two old. */
export interface QueueLoad {
  readonly oldestAgeSeconds?: number;
  /** Messages that were processed in about a minute. */
  readonly processed?: number;
}

/** What `recover` works with; every deed goes through one of these. */
export interface RecoverPorts {
  readonly journal: Pick<Journal, "attempts" | "failures" | "lastSequences" | "read">;
  /** How the invocations that had a message ended, where the host tells. @default nothing is known */
  readonly reports?: (messageId: string) => Promise<readonly FunctionReport[]>;
  /** What queues have seen and hold, by the history that their host keeps, or by its metrics. @default nothing is known, and no account is made */
  readonly counts?: () => Promise<readonly CountedQueues[]>;
  /** What producers have entered of what they sent. @default nobody asks */
  readonly ledger?: Ledger;
  readonly store: FailureStore;
  readonly quarantine: Quarantine;
  readonly archive: Archive;
  readonly resend: Resend;
  readonly wakeUps: WakeUps;
  readonly alerts: AlertChannel;
  /** What a queue's consumer takes, where that is registered: edits and redrives are checked against it. @default nothing is known */
  readonly schemas?: (queue: string) => QueueSchema | undefined;
  /** Names of fields and attributes with personal data, in every queue, beside those that `schemas` declare. @default none */
  readonly personalFields?: readonly string[];
  /** How a queue and its consumer are doing, where the host tells: a run is slower the worse. @default only what the journal says */
  readonly queueLoad?: (queue: string) => Promise<QueueLoad>;
  readonly log: (line: LogLine) => void;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  /** A text that no other call gives. */
  readonly newId: () => string;
}
