import { type FailedMessage, failureId } from "../failure/failed-message.ts";
import { ENVELOPE_ATTRIBUTE, readEnvelope } from "../message/envelope.ts";
import { messageBytes } from "../message/pack-batches.ts";
import type { ExplainedLetter, KnownLetter } from "./dead-letter.ts";

/** The most attempts that a record remembers. */
const MOST_ATTEMPTS = 20;

/** What a letter is to a record: its first death, its next one, or a copy of one that is known. */
export function kindOfDeath({ explained: { sends }, before }: KnownLetter): "first" | "next" | "copy" {
  if (before === undefined) return "first";
  if (sends > before.sends) return "next";
  // A message that had been sent so often, and of which nothing more was known: it died again. One whose consumer has claimed its effect has had it.
  const open = before.state === "requeued" || (before.state === "resolved" && before.resolvedBy !== "claim");
  return sends === before.sends && open ? "next" : "copy";
}

/** The record of a message after this death, before anything is decided: held. */
export function recordDeath({ explained, before }: KnownLetter, nowMs: number): FailedMessage {
  const { letter, lineage, sends, heals, cause, evidence, inferred, reason } = explained;
  const { message, queue } = letter;
  const { [ENVELOPE_ATTRIBUTE]: _, ...attributes } = message.attributes;
  const largeBody = readEnvelope(message)?.s3;
  const changed = before?.original !== undefined;
  // A message that was sent again has a new one, and still its old place in its group. A dead-letter queue's own number, which a
  // copy of a fail-fast consumer has for sure, says nothing of the place on the queue: what its attempts saw does.
  const attemptedAs = explained.attempts[0]?.messageId ?? message.messageId;
  const sequenceNumber =
    before?.sequenceNumber ??
    readEnvelope(message)?.place ??
    explained.attempts[0]?.sequenceNumber ??
    message.sequenceNumber;
  return {
    id: failureId(queue, lineage),
    queue,
    lineage,
    messageId: message.messageId,
    ...(attemptedAs !== message.messageId && { attemptedAs }),
    state: "held",
    version: (before?.version ?? 0) + 1,
    reason,
    cause,
    evidence,
    inferred,
    ...consumerOf(explained),
    attempts: summarise(explained),
    receiveCount: explained.attempts.at(-1)?.receiveCount ?? message.receiveCount,
    deaths: (before?.deaths ?? 0) + 1,
    sends,
    heals,
    ...(message.groupId !== undefined && { groupId: message.groupId }),
    ...(sequenceNumber !== undefined && { sequenceNumber }),
    body: message.body,
    attributes,
    ...(largeBody && { largeBody }),
    bodyBytes: messageBytes({ body: message.body }),
    sentAtMs: before?.sentAtMs ?? message.sentAtMs,
    capturedAtMs: before?.capturedAtMs ?? nowMs,
    diedAtMs: nowMs,
    updatedAtMs: nowMs,
    ...(before?.via !== undefined && { via: before.via }),
    ...(before?.run !== undefined && { run: before.run }),
    rule: "",
    because: "",
    alert: false,
    changes: before?.changes ?? [],
    ...(changed && before.original && { original: before.original }),
  };
}

function consumerOf({ attempts }: ExplainedLetter): Pick<FailedMessage, "consumer" | "consumerVersion"> {
  const last = attempts.at(-1);
  if (!last) return {};
  const { consumer, consumerVersion } = last;
  return { consumer, ...(consumerVersion !== undefined && { consumerVersion }) };
}

function summarise({ attempts }: ExplainedLetter): FailedMessage["attempts"] {
  return attempts.slice(-MOST_ATTEMPTS).map(({ receiveCount, failedAtMs, reason, requestId, logGroup, logStream }) => ({
    receiveCount,
    failedAtMs,
    errorName: reason.errorName,
    message: reason.message.slice(0, 300),
    ...(requestId !== undefined && { requestId }),
    ...(logGroup !== undefined && { logGroup }),
    ...(logStream !== undefined && { logStream }),
  }));
}
