import { wholeBody } from "../heal/whole-body.ts";
import type { JournalEntry } from "../journal/journal-entry.ts";
import type { MessageAttribute } from "../message/received-message.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { type Masking, maskBody } from "../redact/mask-body.ts";
import { personalValues } from "../redact/personal-values.ts";
import { redactReason } from "../redact/redact-reason.ts";
import { REDACTED, redactText } from "../redact/redact-text.ts";
import type { FailedMessage, MessageContent } from "./failed-message.ts";
import type { FailureSummary } from "./failure-filter.ts";
import { personalNamesIn } from "./personal-names-in.ts";

type Attributes = MessageContent["attributes"];

/** What is masked of a message: the values that fields of these names have in any of its contents, the producer's own included. */
export function maskingOf(
  names: readonly string[],
  contents: readonly Pick<MessageContent, "attributes" | "body">[],
): Masking {
  const values = contents.flatMap((content) => personalValues(content, names));
  return { names, values: [...new Set(values)].sort((a, b) => b.length - a.length) };
}

/** What a failed message holds: its content as it is, and, where it was changed, as it was sent. */
export function contentsOf(failure: FailedMessage): readonly MessageContent[] {
  return [failure, ...(failure.original ? [failure.original] : [])];
}

/** What is masked of a failed message: the values of its body as it is, which may have been read already, and as it was sent, wherever they are kept. */
export async function maskingFor(
  failure: FailedMessage,
  ports: Pick<RecoverPorts, "archive" | "personalFields" | "schemas">,
  whole?: Promise<string> | string,
): Promise<Masking> {
  const names = personalNamesIn(failure.queue, ports);
  if (names.length === 0) return { names, values: [] };
  const contents = contentsOf(failure).map(async (content) => ({
    attributes: content.attributes,
    body: await (content === failure && whole !== undefined ? whole : wholeBody(content, ports)),
  }));
  return maskingOf(names, await Promise.all(contents));
}

/** A record with its personal values masked; ids, and the name of its message group, stay as they are. */
export function maskFailure(failure: FailedMessage, masking: Masking): FailedMessage {
  if (masking.names.length === 0) return failure;
  const redact = redactText(masking.names, masking.values);
  const { changes, original, reason } = failure;
  const said = maskSaid(failure, masking);
  return {
    ...maskContent(failure, masking),
    ...said,
    reason: { ...said.reason, stack: redact(reason.stack) },
    attempts: failure.attempts.map((attempt) => ({ ...attempt, message: redact(attempt.message) })),
    changes: changes.map((change) => ({ ...change, diff: maskDiff(change.diff, masking) })),
    ...(original && { original: maskContent(original, masking) }),
  };
}

/** A summary with personal values masked in what it says of its death. */
export function maskSummary(summary: FailureSummary, masking: Masking): FailureSummary {
  return { ...summary, ...maskSaid(summary, masking) };
}

/** An attempt with personal values masked in what was thrown. */
export function maskAttempt(attempt: JournalEntry, { names, values }: Masking): JournalEntry {
  return { ...attempt, reason: redactReason(attempt.reason, redactText(names, values)) };
}

/** A content with its personal values masked. */
export function maskContent<Content extends MessageContent>(content: Content, masking: Masking): Content {
  const { attributes, body } = content;
  return { ...content, body: maskBody(body, masking).text, attributes: maskAttributes(attributes, masking) };
}

/** Lines that say what differs, with personal values masked on both sides. */
export function maskDiff(lines: readonly string[], { names, values }: Masking): readonly string[] {
  const redact = redactText(names, values);
  return lines.map((line) => {
    const path = line.slice(0, Math.max(0, line.indexOf(": ")));
    const isPersonal = path.split(".").some((name) => names.includes(name));
    return isPersonal ? `${path}: "${REDACTED}" → "${REDACTED}"` : redact(line);
  });
}

/** Attributes with personal values masked, each whole. */
export function maskAttributes(attributes: Attributes, { names, values }: Masking): Attributes {
  const redact = redactText(names, values);
  const masked = Object.entries(attributes).map(([name, attribute]): [string, MessageAttribute] => {
    const { dataType, stringValue = "" } = attribute;
    const isPersonal = names.includes(name) || redact(stringValue) !== stringValue;
    return [name, isPersonal ? { dataType, stringValue: REDACTED } : attribute];
  });
  return Object.fromEntries(masked);
}

type Said = Pick<FailureSummary, "because" | "evidence" | "reason">;

function maskSaid<Of extends Said>({ because, evidence, reason }: Of, { names, values }: Masking): Said {
  const redact = redactText(names, values);
  return {
    because: redact(because),
    evidence: redact(evidence),
    reason: { ...reason, message: redact(reason.message) },
  };
}
