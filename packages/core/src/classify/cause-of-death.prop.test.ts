import fc from "fast-check";
import { expect, test } from "vitest";
import { sampleEntry } from "../../testing/index.ts";
import type { DeferralCause } from "../message/outcome.ts";
import { type CauseOfDeath, causeOfDeath, type Death, type FunctionReport } from "./cause-of-death.ts";

const VISIBILITY_MS = 30_000;

/** What can become of one receive, as the one who did it knows. */
type Fate = Exclude<CauseOfDeath, "unknown">;

const FATES: readonly Fate[] = [
  "crashed",
  "skipped-behind-sibling",
  "threw",
  "throttled-never-ran",
  "timed-out",
  "visibility-expired",
];

const OUTCOME: Readonly<Record<Fate, FunctionReport["outcome"]>> = {
  crashed: "crash",
  "skipped-behind-sibling": "success",
  threw: "success",
  "throttled-never-ran": "throttled",
  "timed-out": "timeout",
  "visibility-expired": "success",
};

/** The life of a message that dies of its last receive: what the journal and the host know of it, whichever receives came before. */
function lifeOf(fates: readonly Fate[]): Death {
  const startOf = (receive: number): number => receive * VISIBILITY_MS;
  const endOf = (fate: Fate, receive: number): number =>
    startOf(receive) + (fate === "visibility-expired" ? VISIBILITY_MS + 5_000 : 5_000);
  const entries = fates.flatMap((fate, index) => {
    const receiveCount = index + 1;
    const final = receiveCount === fates.length;
    const entry = sampleEntry({ receiveCount, final, failedAtMs: endOf(fate, receiveCount) });
    if (fate === "threw" || fate === "visibility-expired") return [entry];
    const deferral: DeferralCause = "behind-sibling";
    return fate === "skipped-behind-sibling" && final ? [{ ...entry, deferral }] : [];
  });
  return {
    attempts: entries,
    reports: fates.map((fate, index) => ({
      outcome: OUTCOME[fate],
      startedAtMs: startOf(index + 1),
      endedAtMs: endOf(fate, index + 1),
    })),
    receiveCount: fates.length,
    maxReceiveCount: fates.length,
    diedAtMs: startOf(fates.length + 1),
  };
}

const fates = fc.array(fc.constantFrom(...FATES), { minLength: 1, maxLength: 5 });

test("the last receive decides, whatever came before it", () => {
  fc.assert(
    fc.property(fates, (all) => {
      expect(causeOfDeath(lifeOf(all)).cause).toBe(all.at(-1));
    }),
  );
});

test("what the journal has is no inference; what it does not have is one, and never contradicts the journal", () => {
  fc.assert(
    fc.property(fates, fc.boolean(), (all, hostReports) => {
      const { reports, ...death } = lifeOf(all);
      const last = all.at(-1);
      const found = causeOfDeath({ ...death, ...(hostReports && reports && { reports }) });
      const journalled = death.attempts.at(-1)?.receiveCount === all.length;
      expect(found.inferred).toBe(!journalled);
      expect([last, "unknown"]).toContain(found.cause);
      if (hostReports || journalled) expect(found.cause).toBe(last);
    }),
  );
});

test("no evidence at all, in any part, makes no cause up", () => {
  fc.assert(
    fc.property(fates, fc.subarray(["attempts", "reports", "receiveCount", "diedAtMs"] as const), (all, missing) => {
      const death = { ...lifeOf(all) } as Partial<Death>;
      for (const part of missing) delete (death as Record<string, unknown>)[part];
      const { cause, evidence } = causeOfDeath({ ...death, attempts: death.attempts ?? [] });
      expect(evidence).not.toBe("");
      if (missing.includes("attempts") && missing.includes("reports")) expect(cause).toBe("unknown");
    }),
  );
});

test("a dead-letter queue that receives or counts anew does not move the last receive", () => {
  fc.assert(
    fc.property(fates, fc.nat(5), (all, looks) => {
      const death = lifeOf(all);
      expect(causeOfDeath({ ...death, receiveCount: all.length + looks }).cause).toBe(all.at(-1));
      if (death.attempts.at(-1)?.final) expect(causeOfDeath({ ...death, receiveCount: 1 }).cause).toBe(all.at(-1));
    }),
  );
});
