import type { FailureStore } from "../recover-ports.ts";
import type { AuditHead } from "./audit-entry.ts";
import { type ChainCheck, type Sha256, verifyChain } from "./chain.ts";

/** Reads a chain from its first entry to its head, and checks all of it; entries that are added meanwhile do not disturb. */
export async function verifyAudit(
  store: Pick<FailureStore, "audit" | "auditHead">,
  chain: string,
  sha256: Sha256,
): Promise<ChainCheck> {
  const end = await store.auditHead(chain);
  let head: AuditHead | undefined;
  while ((head?.sequence ?? 0) < (end?.sequence ?? 0)) {
    const left = (end?.sequence ?? 0) - (head?.sequence ?? 0);
    const entries = (await store.audit(chain, (head?.sequence ?? 0) + 1)).slice(0, left);
    const check = verifyChain(entries, sha256, head);
    if (!check.ok) return check;
    if (entries.length === 0) return cutOff(head, end);
    head = check.head;
  }
  if (head?.hash === end?.hash) return { ok: true, head };
  return { ok: false, sequence: head?.sequence ?? 1, problem: "the last entry is not the chain's head" };
}

function cutOff(head: AuditHead | undefined, end: AuditHead | undefined): ChainCheck {
  const sequence = (head?.sequence ?? 0) + 1;
  return { ok: false, sequence, problem: `the entries from ${sequence} to ${end?.sequence} are missing` };
}
