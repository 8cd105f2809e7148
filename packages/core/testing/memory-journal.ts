import {
  type Claim,
  type ClaimItem,
  type Commit,
  completeClaim,
  expiryMs,
  insertClaim,
  type Journal,
  type JournalEntry,
  type JournalPage,
  type PageOptions,
  probeClaim,
  readEntry,
  releaseClaim,
  renewClaim,
  type Settled,
  type Settlement,
  type Step,
  takeOverClaim,
} from "../src/index.ts";

/** A journal in memory that carries out the model's steps; it passes the same contract suite as the real one. */
export function memoryJournal(apply: (writes: readonly unknown[]) => void = () => {}): Journal {
  const entries = new Map<string, JournalEntry>();
  const items = new Map<string, ClaimItem>();
  const sequences = new Map<string, string>();
  const originals = new Map<string, string>();
  const step = (claim: Claim, next: (item: ClaimItem | undefined, claim: Claim) => Step): boolean => {
    const { item, done } = next(items.get(claim.key), claim);
    if (item) items.set(claim.key, item);
    return done;
  };
  const settle = (settlement: Settlement): Settled => {
    if (settlement.kind === "journal") entries.set(entryKey(settlement.entry), settlement.entry);
    if (settlement.kind === "journal") {
      if (settlement.release) step(settlement.release, releaseClaim);
      return { kind: "done" };
    }
    if (settlement.kind === "mark") {
      if (!items.has(settlement.claim.key)) items.set(settlement.claim.key, doneItem(settlement.claim));
      return { kind: "done" };
    }
    const { claim } = settlement;
    if (settlement.kind === "complete") {
      return { kind: step(claim, completeWith(settlement.result)) ? "done" : "refused" };
    }
    return step(claim, probeClaim) ? { kind: "done" } : { kind: "refused", item: items.get(claim.key) };
  };
  return {
    claim: async (claims) =>
      claims.map((claim) => (claim.receiveCount > 1 && step(claim, takeOverClaim)) || step(claim, insertClaim)),
    renew: async (claims) => claims.map((claim) => step(claim, renewClaim)),
    settle: async (settlements) => settlements.map(settle),
    read: async (keys) => keys.map((key) => items.get(key)),
    commit: async ({ writes, once }) => {
      if (!holds(once, items, sequences)) return "refused";
      apply(writes);
      if (once.by === "sequence") {
        sequences.set(once.group, once.sequenceNumber);
        if (once.lineage) items.set(once.lineage.key, doneItem(once.lineage));
        if (once.place !== undefined) originals.set(once.group, once.place);
      } else items.set(once.claim.key, doneItem(once.claim));
      return "done";
    },
    lastSequences: async (groups) => groups.map((group) => originals.get(group)),
    attempts: async (queue, messageId) =>
      [...entries.values()]
        .filter((entry) => entry.queue === queue && entry.messageId === messageId)
        .sort((a, b) => a.receiveCount - b.receiveCount)
        .map(readEntry),
    failures: async (queue, day, options = {}) => page([...entries.values()].map(readEntry), queue, day, options),
  };
}

function completeWith(result: string | undefined): (item: ClaimItem | undefined, claim: Claim) => Step {
  return (item, claim) => completeClaim(item, claim, result);
}

function holds(
  once: Commit["once"],
  items: ReadonlyMap<string, ClaimItem>,
  sequences: ReadonlyMap<string, string>,
): boolean {
  const claim = once.by === "sequence" ? once.lineage : once.claim;
  const item = claim && items.get(claim.key);
  const free = item === undefined || item.expiresAtMs <= (claim?.nowMs ?? 0);
  return free && (once.by === "claim" || (sequences.get(once.group) ?? "") < once.sequenceNumber);
}

function doneItem(claim: Claim): ClaimItem {
  const { token, messageId, receiveCount, payloadHash, leaseUntilMs } = claim;
  const expiresAtMs = expiryMs("done", claim);
  return { state: "done", token, messageId, receiveCount, payloadHash, leaseUntilMs, expiresAtMs };
}

function entryKey({ queue, messageId, receiveCount }: JournalEntry): string {
  return JSON.stringify([queue, messageId, receiveCount]);
}

function page(entries: readonly JournalEntry[], queue: string, day: string, options: PageOptions): JournalPage {
  const ofDay = entries
    .filter((entry) => entry.queue === queue && new Date(entry.failedAtMs).toISOString().startsWith(day))
    .sort((a, b) => b.failedAtMs - a.failedAtMs || (entryKey(a) < entryKey(b) ? 1 : -1));
  const first = options.after === undefined ? 0 : Number(options.after);
  const last = first + (options.limit ?? 100);
  return { entries: ofDay.slice(first, last), ...(last < ofDay.length && { next: String(last) }) };
}
