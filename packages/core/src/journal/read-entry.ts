import type { DeferralCause } from "../message/outcome.ts";
import type { JournalEntry } from "./journal-entry.ts";

/** An entry as its reader is given it: of a deferral a consumer writes down only what nobody else knows, and the words are found here. */
export function readEntry(entry: JournalEntry): JournalEntry {
  const { deferral, reason } = entry;
  return deferral ? { ...entry, reason: { ...reason, message: wordDeferral(deferral, reason.message) } } : entry;
}

function wordDeferral(cause: DeferralCause, detail: string): string {
  switch (cause) {
    case "behind-sibling":
      return detail === ""
        ? "another message with its key did not succeed before it"
        : `message ${JSON.stringify(detail)} of its group did not succeed before it`;
    case "claim-lost":
      return "its visibility had expired and another attempt had taken over before its handler ended";
    case "handler":
      return `its handler gave it back: ${detail}`;
    case "in-progress":
      return "another message with its key was at work";
    case "journal-unavailable":
      return "its key could not be claimed";
    case "out-of-time":
      return "the time for its batch was over before its turn came";
    case "quarantine-unavailable":
      return "whether its group is held could not be read or written";
  }
}
