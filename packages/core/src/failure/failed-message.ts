import type { CauseOfDeath } from "../classify/cause-of-death.ts";
import type { GroupedReason } from "../classify/failure-reason.ts";
import type { S3Pointer } from "../message/envelope.ts";
import type { MessageAttribute } from "../message/received-message.ts";

/** Where a failed message is: each is in exactly one of these states. */
export type FailureState =
  /** Waits for a person, or for a redrive. */
  | "held"
  /** Waits for its backoff, and is sent to its queue at `dueAtMs`. */
  | "healing"
  /** Sent to its queue again; how that ends is not known yet. */
  | "requeued"
  /** Processed after it was sent again. */
  | "resolved"
  /** In the archive, whole; a replay can bring it back. */
  | "archived"
  /** Given up by a person. */
  | "discarded";

/** What SQS is given of a message: what a repair or an edit changes. */
export interface MessageContent {
  /** As it came, character for character; empty where `bodyAt` says where it is. */
  readonly body: string;
  /** Where a body is that is too large for the table. */
  readonly bodyAt?: S3Pointer;
  /** Where the producer left a body that was too large to send: the body above only stands for it. */
  readonly largeBody?: S3Pointer;
  /** The producer's attributes, without Reliq's own. */
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
}

/** One change of a message's content, by a registered repair or by a person. */
export interface ContentChange {
  readonly kind: "repair" | "edit";
  /** The repair's name, or the person. */
  readonly by: string;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** What differs, one line a difference: `amount: -5 → 5`. */
  readonly diff: readonly string[];
}

/** An attempt as a failed message remembers it; the journal has the stack. */
export interface AttemptSummary {
  readonly receiveCount: number;
  /** Milliseconds since the Unix epoch. */
  readonly failedAtMs: number;
  readonly errorName: string;
  readonly message: string;
  /** The invocation in whose log to look, and where that is: `logsLink` makes a link of them. */
  readonly requestId?: string | undefined;
  readonly logGroup?: string | undefined;
  readonly logStream?: string | undefined;
}

/** A message that died at least once, from its first death to where it ends. */
export interface FailedMessage extends MessageContent {
  /** `<queue>:<lineage>` */
  readonly id: string;
  /** The queue that it died on, by name. */
  readonly queue: string;
  /** The message's first id; it stays when SQS gives the message a new one. */
  readonly lineage: string;
  /** The SQS id under which it died last. */
  readonly messageId: string;
  /** Where its consumer sent a copy to the dead-letter queue itself: the SQS id that its attempts are journalled under. @default `messageId` */
  readonly attemptedAs?: string;
  readonly state: FailureState;
  /** Grows by one with each change: two that change one version are told apart. */
  readonly version: number;
  readonly reason: GroupedReason;
  readonly cause: CauseOfDeath;
  /** What the cause was read from. */
  readonly evidence: string;
  /** Whether nobody journalled the reason: it was read from what is known of the message and its function. */
  readonly inferred: boolean;
  /** The consumer that journalled the last attempt, and its version where it says one. */
  readonly consumer?: string;
  readonly consumerVersion?: string;
  /** Of its last death, in order of their receives, at most 20. */
  readonly attempts: readonly AttemptSummary[];
  /** How often it had been received when it died. */
  readonly receiveCount: number;
  /** How often it has died. */
  readonly deaths: number;
  /** How often Reliq has sent it again, and how many of these were heals; a message's envelope carries both. */
  readonly sends: number;
  readonly heals: number;
  /** FIFO queues: the message group, and its place in it: the sequence number with which it died first. */
  readonly groupId?: string;
  readonly sequenceNumber?: string;
  /** FIFO queues: where a newer message of its group was known to have had its effect when this one was sent again last, that one's sequence number. */
  readonly overtakenBy?: string;
  /** Bytes of the body, UTF-8. */
  readonly bodyBytes: number;
  /** When the producer's message was accepted first; all times are milliseconds since the Unix epoch. */
  readonly sentAtMs: number;
  /** When its first death was captured: lists are in the order of this time. */
  readonly capturedAtMs: number;
  /** When its last death was captured. */
  readonly diedAtMs: number;
  /** When this record changed last. */
  readonly updatedAtMs: number;
  /** While healing: when it is sent. */
  readonly dueAtMs?: number;
  /** While healing because a person asked for it: what it is sent as, and who asked. */
  readonly asked?: { readonly via: "edit" | "heal"; readonly by: string };
  /** When it was sent again last, how, and the redrive or replay that did it. */
  readonly requeuedAtMs?: number;
  readonly via?: "edit" | "heal" | "redrive" | "release" | "replay";
  readonly run?: string;
  /** While resolved: how that is known. Silence: its consumer does not use Reliq, and it did not die again. */
  readonly resolvedBy?: "claim" | "silence" | "person";
  /** The policy's rule that decided last, by name, why, and whether it alerts a person. */
  readonly rule: string;
  readonly because: string;
  readonly alert: boolean;
  /** In order; empty where the content is as the producer sent it. */
  readonly changes: readonly ContentChange[];
  /** What the producer sent, where it has been changed since. */
  readonly original?: MessageContent;
  /** Where it is archived. */
  readonly archive?: ArchivePlace;
}

/** Where an archived message is, and what proves that it is whole. */
export interface ArchivePlace extends S3Pointer {
  /** SHA-256 of the object, hexadecimal. */
  readonly contentHash: string;
}

/** Names a failed message. */
export function failureId(queue: string, lineage: string): string {
  return `${queue}:${lineage}`;
}

/** The queue and the lineage in a failed message's id. */
export function readFailureId(id: string): { readonly queue: string; readonly lineage: string } {
  const colon = id.indexOf(":");
  return { queue: id.slice(0, colon), lineage: id.slice(colon + 1) };
}
