import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AuditEntry, AuditHead, AuditRecord } from "./audit-entry.ts";
import { sealEntry, verifyChain } from "./chain.ts";
import { verifyAudit } from "./verify-audit.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const record: fc.Arbitrary<AuditRecord> = fc.record({
  chain: fc.constant("orders"),
  atMs: fc.nat(),
  by: fc.string({ unit: "binary" }),
  action: fc.constantFrom("captured", "healed", "edited"),
  subjects: fc.array(fc.string(), { maxLength: 3 }),
  details: fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }),
});

const chain: fc.Arbitrary<AuditEntry[]> = fc.array(record, { minLength: 1, maxLength: 8 }).map((records) => {
  const entries: AuditEntry[] = [];
  for (const each of records) entries.push(sealEntry(each, entries.at(-1), sha256));
  return entries;
});

const tampered: fc.Arbitrary<[AuditEntry[], AuditEntry[]]> = fc
  .tuple(chain, fc.nat(), fc.nat(), fc.constantFrom("edit", "remove", "swap", "insert", "copy", "reseal"))
  .map(([entries, first, second, how]) => [
    entries,
    tamper(entries, first % entries.length, second % entries.length, how),
  ]);

function tamper(entries: readonly AuditEntry[], at: number, other: number, how: string): AuditEntry[] {
  const changed = [...entries];
  const entry = entries[at] as AuditEntry;
  const edited = { ...entry, by: `${entry.by}!` };
  if (how === "edit") changed[at] = edited;
  if (how === "reseal") changed[at] = sealEntry(edited, entries[at - 1], sha256);
  if (how === "remove") changed.splice(at, 1);
  if (how === "insert") changed.splice(at, 0, sealEntry(edited, entries[at - 1], sha256));
  if (how === "copy") changed.splice(at, 0, entry);
  if (how === "swap") [changed[at], changed[other]] = [entries[other] as AuditEntry, entry];
  return changed;
}

function storeOf(entries: readonly AuditEntry[], head: AuditHead | undefined): Parameters<typeof verifyAudit>[0] {
  return {
    audit: async (_, from) => entries.filter(({ sequence }) => sequence >= from).slice(0, 3),
    auditHead: async () => head,
  };
}

describe("a chain of audit entries", () => {
  test("verifies as it was sealed, whole and from any entry on, also after a way through JSON", () => {
    fc.assert(
      fc.property(chain, fc.nat(), (entries, number) => {
        const cut = number % entries.length;
        const stored: AuditEntry[] = JSON.parse(JSON.stringify(entries));
        expect(verifyChain(stored, sha256)).toMatchObject({ ok: true, head: { sequence: entries.length } });
        expect(verifyChain(stored.slice(cut), sha256, entries[cut - 1]).ok).toBe(true);
      }),
    );
  });

  test("shows any edit, removal, reorder or insertion", () => {
    fc.assert(
      fc.property(tampered, ([entries, changed]) => {
        fc.pre(JSON.stringify(entries) !== JSON.stringify(changed));
        const check = verifyChain(changed, sha256);
        // What happened at the end alone shows in the head.
        expect(check.ok && check.head?.hash === entries.at(-1)?.hash).toBe(false);
      }),
    );
  });

  test("is read to its head in pages, and whatever was done to it is found", async () => {
    await fc.assert(
      fc.asyncProperty(tampered, async ([entries, changed]) => {
        const head = entries.at(-1);
        expect(await verifyAudit(storeOf(entries, head), "orders", sha256)).toMatchObject({ ok: true });
        fc.pre(JSON.stringify(entries) !== JSON.stringify(changed));
        const bySequence = new Map(changed.map((entry) => [entry.sequence, entry]));
        const stored = [...bySequence.values()].toSorted((a, b) => a.sequence - b.sequence);
        fc.pre(JSON.stringify(entries) !== JSON.stringify(stored));
        expect(await verifyAudit(storeOf(stored, head), "orders", sha256)).toMatchObject({ ok: false });
      }),
    );
  });

  test("says which entry is wrong, and how", () => {
    const first = sealEntry(
      { chain: "orders", atMs: 1, by: "ann", action: "edited", subjects: [], details: {} },
      undefined,
      sha256,
    );
    expect(verifyChain([{ ...first, by: "bob" }], sha256)).toEqual({
      ok: false,
      sequence: 1,
      problem: "entry 1 is not what its hash says",
    });
  });
});
