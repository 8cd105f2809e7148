/** What was done to messages, groups, runs or the policy. */
export interface AuditRecord {
  /** The queue whose chain it is in; `reliq` for what concerns no one queue. */
  readonly chain: string;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** Who: a person's identity, or `reliq` for what its policy decided. */
  readonly by: string;
  /** `captured`, `healed`, `edited`, `redrive-started` …: one word a deed, listed in docs/reference/audit.md. */
  readonly action: string;
  /** The failed messages, groups or runs that it was done to, at most 100. */
  readonly subjects: readonly string[];
  /** What else there is to say, small: the rule, the diff, the filter. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** A record in its chain: append-only, each entry sealed with the hash of the one before. */
export interface AuditEntry extends AuditRecord {
  /** From 1, without gaps. */
  readonly sequence: number;
  /** The hash of the entry before; empty for the first. */
  readonly previousHash: string;
  /** SHA-256 over this entry without `hash`, as canonical JSON; hexadecimal. */
  readonly hash: string;
}

/** The last entry of a chain, as it is kept apart from the entries. */
export type AuditHead = Pick<AuditEntry, "chain" | "hash" | "sequence">;
