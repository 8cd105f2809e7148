import type { FailedMessage } from "../failure/failed-message.ts";
import type { RunEntry } from "./redrive-run.ts";

/** What the record says of an entry's message. */
export type EntryOutcome =
  /** The run has not sent it, as far as its record knows. */
  | { readonly kind: "not-sent" }
  /** Sent, and neither processed nor dead again. */
  | { readonly kind: "waiting" }
  | { readonly kind: "resolved" }
  | { readonly kind: "relapsed"; readonly fingerprint: string };

/**
 * Reads from its record what became of an entry's message. The record names the run that sent it last: one that the run has sent,
 * and that is anything but requeued or resolved, or that somebody else has sent since, died again.
 */
export function outcomeOf(entry: RunEntry, record: FailedMessage | undefined): EntryOutcome {
  const ours = record?.run === entry.run;
  if (entry.state === "planned" && !ours) return { kind: "not-sent" };
  if (record === undefined) return { kind: "resolved" };
  if (ours && record.state === "requeued") return { kind: "waiting" };
  if (ours && record.state === "resolved") return { kind: "resolved" };
  return { kind: "relapsed", fingerprint: record.reason.fingerprint };
}
