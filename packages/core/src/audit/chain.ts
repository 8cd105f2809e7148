import type { AuditEntry, AuditHead, AuditRecord } from "./audit-entry.ts";
import { canonicalJson } from "./canonical-json.ts";

/** SHA-256 of a text in UTF-8, hexadecimal. */
export type Sha256 = (text: string) => string;

/** What came of checking a chain: its end, or the first entry that is not what its neighbours and its hash say. */
export type ChainCheck =
  | { readonly ok: true; readonly head: AuditHead | undefined }
  | { readonly ok: false; readonly sequence: number; readonly problem: string };

/** The entry that follows `previous` in its chain; without one, the first. Its details become what JSON can say. */
export function sealEntry(record: AuditRecord, previous: AuditHead | undefined, sha256: Sha256): AuditEntry {
  const { chain, atMs, by, action, subjects, details } = record;
  const plain: AuditRecord = JSON.parse(canonicalJson({ chain, atMs, by, action, subjects, details }));
  const sealed = { ...plain, sequence: (previous?.sequence ?? 0) + 1, previousHash: previous?.hash ?? "" };
  return { ...sealed, hash: sha256(canonicalJson(sealed)) };
}

/**
 * Checks entries in their order, from `after` on or from the first: any that was edited, removed, moved or put in between is
 * found. What is missing at the end is found by comparing the head, which is kept apart.
 */
export function verifyChain(entries: readonly AuditEntry[], sha256: Sha256, after?: AuditHead): ChainCheck {
  let head = after;
  for (const entry of entries) {
    const problem = problemOf(entry, head, sha256);
    if (problem !== undefined) return { ok: false, sequence: (head?.sequence ?? 0) + 1, problem };
    head = { chain: entry.chain, sequence: entry.sequence, hash: entry.hash };
  }
  return { ok: true, head };
}

function problemOf(entry: AuditEntry, head: AuditHead | undefined, sha256: Sha256): string | undefined {
  const { hash, ...sealed } = entry;
  const sequence = (head?.sequence ?? 0) + 1;
  if (entry.sequence !== sequence) return `entry ${sequence} is missing: ${entry.sequence} stands in its place`;
  if (head && entry.chain !== head.chain) return `entry ${sequence} is of the chain ${JSON.stringify(entry.chain)}`;
  if (entry.previousHash !== (head?.hash ?? "")) return `entry ${sequence} does not follow the one before it`;
  if (hash !== sha256(canonicalJson(sealed))) return `entry ${sequence} is not what its hash says`;
  return undefined;
}
