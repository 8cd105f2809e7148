import type { Claim, ClaimItem } from "../model/claim-item.ts";
import type { JournalEntry } from "./journal-entry.ts";

/** What is written down at the end of an attempt: one statement a message, a batch in one request. */
export type Settlement =
  | { readonly kind: "complete"; readonly claim: Claim; readonly result?: string }
  /** `release`: the claim of an attempt that was the last one of its message, and is over; a copy of the message need not wait for its lease. */
  | { readonly kind: "journal"; readonly entry: JournalEntry; readonly release?: Claim }
  /** Remembers that a message that Reliq has sent again is done, where its claim is another one. */
  | { readonly kind: "mark"; readonly claim: Claim }
  /** Asks whether a key that could not be claimed is done already. */
  | { readonly kind: "probe"; readonly claim: Claim };

/** How a settlement ended. */
export type Settled =
  /** Completed, journalled, or, for a probe: the message is a duplicate. */
  | { readonly kind: "done" }
  /** The condition did not hold: the claim was taken over, or the probed key is not done with this payload; then `item` is what is there. */
  | { readonly kind: "refused"; readonly item?: ClaimItem | undefined }
  /** The service could not say; the statement may have had its effect. */
  | { readonly kind: "unavailable"; readonly error: unknown };

/** Why a key could not be claimed, read from its item. */
export function explainRefusal(item: ClaimItem | undefined, claim: Claim): "done" | "in-progress" | "other-payload" {
  if (item === undefined || item.state === "claimed" || item.expiresAtMs <= claim.nowMs) return "in-progress";
  return item.payloadHash === claim.payloadHash ? "done" : "other-payload";
}
