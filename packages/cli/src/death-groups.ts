import { type CauseOfDeath, fingerprint } from "@reliq/core";
import type { DeadMessage } from "./dead-messages.ts";

/** Dead messages of one queue that died of the same problem. */
export interface DeathGroup {
  readonly queue: string;
  readonly cause: CauseOfDeath;
  /** Whether the journal does not have their last receives: then the cause is inferred. */
  readonly inferred: boolean;
  /** `validation ValidationFailure: …`, or the evidence where nothing was journalled. */
  readonly reason: string;
  readonly fingerprint: string;
  readonly messages: readonly DeadMessage[];
}

/** How many messages died of one problem. */
export interface DeathCount extends Pick<DeathGroup, "cause" | "reason"> {
  readonly count: number;
}

/** Groups dead messages by queue, cause and fingerprint, the largest group first. */
export function deathGroups(dead: readonly DeadMessage[]): readonly DeathGroup[] {
  const groups = Map.groupBy(dead, (message) =>
    JSON.stringify([message.queue, message.cause, message.inferred, problemOf(message) ?? message.evidence]),
  );
  return [...groups.values()].map(toGroup).sort((a, b) => b.messages.length - a.messages.length);
}

function toGroup(messages: readonly DeadMessage[]): DeathGroup {
  const [first] = messages as [DeadMessage, ...DeadMessage[]];
  const reason = lastReason(first);
  return {
    queue: first.queue,
    cause: first.cause,
    inferred: first.inferred,
    reason: reason ? `${reason.category} · ${reason.errorName}: ${reason.message}` : first.evidence,
    fingerprint: problemOf(first) ?? "",
    messages,
  };
}

function problemOf(message: DeadMessage): string | undefined {
  const reason = lastReason(message);
  return reason && fingerprint(reason.errorName, reason.message, reason.stack);
}

/** Where the cause is inferred, the last reason is one of an earlier receive. */
function lastReason({ inferred, attempts }: DeadMessage): DeadMessage["attempts"][number]["reason"] | undefined {
  return inferred ? undefined : attempts.at(-1)?.reason;
}
