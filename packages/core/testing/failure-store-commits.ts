import {
  type AuditEntry,
  type FailedMessage,
  type FailureStore,
  failureId,
  groupId,
  type StoreChange,
} from "../src/recovery/index.ts";
import { type ContractCase, same } from "./contract-case.ts";
import { sampleAudit, sampleCount, sampleFailure } from "./failure-samples.ts";

/** Captures a failed message with its count. */
export function capture(queue: string, changes: Partial<FailedMessage> = {}): StoreChange {
  const after = sampleFailure({ queue, ...changes });
  return {
    failures: [{ before: undefined, after }],
    counts: [sampleCount(queue, { group: groupId(queue, after.reason.fingerprint), atMs: after.diedAtMs })],
    audit: sampleAudit({ chain: queue, subjects: [after.id] }),
  };
}

/** Changes a failed message as it was read. */
export function change(before: FailedMessage, changes: Partial<FailedMessage>): StoreChange {
  const after = { ...before, ...changes, version: before.version + 1 };
  return { failures: [{ before, after }], audit: sampleAudit({ chain: before.queue, action: "changed" }) };
}

/** Commits of one queue: optimistic, all or nothing, counted exactly, each with its audit entry. */
export const COMMIT_CONTRACT: readonly ContractCase<FailureStore>[] = [
  {
    behaviour: "gives back a failed message as it was committed, unusual texts, bytes and members included",
    check: async (store, { unique }) => {
      const failure = sampleFailure({
        queue: unique,
        body: '\u0000 "\\" 🦆 名前 {"__proto__":1}',
        attributes: {
          number: { dataType: "Number", stringValue: "1e400" },
          bytes: { dataType: "Binary", binaryValue: Uint8Array.of(0, 255) },
          empty: { dataType: "String", stringValue: "" },
        },
        original: { body: "", bodyAt: { bucket: "b", key: "k" }, attributes: {} },
        changes: [{ kind: "repair", by: "round", atMs: 5, diff: ["amount: -5 → 5"] }],
        archive: { bucket: "b", key: "k", contentHash: "00" },
        groupId: "AAPL",
        sequenceNumber: "18849496460467696128",
      });
      same(await store.commit({ ...capture(unique), failures: [{ before: undefined, after: failure }] }), "committed");
      same(await store.failures([failure.id, "none:at-all", failure.id]), [failure, undefined, failure].map(orNull));
    },
  },
  {
    behaviour: "commits one of ten that create or change one message at once",
    check: async (store, { unique }) => {
      const first = await atOnce(10, () => store.commit(capture(unique)));
      same(first.filter((each) => each === "committed").length, 1);
      const [before] = await store.failures([failureId(unique, "m-1")]);
      if (!before) throw new Error("it is not there");
      const second = await atOnce(10, () => store.commit(change(before, { state: "discarded" })));
      same(second.filter((each) => each === "committed").length, 1);
      const [totals] = (await store.totals()).filter(({ queue }) => queue === unique);
      same([totals?.states.held, totals?.states.discarded, totals?.deaths], [0, 1, 1]);
      same((await store.groups([groupId(unique, before.reason.fingerprint)]))[0]?.deaths, 1);
      same(
        (await store.audit(unique, 1)).map(({ action }) => action),
        ["captured", "changed"],
      );
    },
  },
  {
    behaviour: "commits all of ten that change different messages at once",
    check: async (store, { unique }) => {
      let number = 0;
      const answers = await atOnce(10, () => store.commit(capture(unique, { lineage: `m-${++number}` })));
      same(answers, Array(10).fill("committed"));
      same((await store.groups([groupId(unique, sampleFailure().reason.fingerprint)]))[0]?.deaths, 10);
      same(
        (await store.audit(unique, 1)).map(({ sequence }) => sequence),
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      );
    },
  },
  {
    behaviour: "takes the repetition of a commit for a conflict, and counts nothing twice",
    check: async (store, { unique }) => {
      const captured = capture(unique);
      same([await store.commit(captured), await store.commit(captured)], ["committed", "conflict"]);
      const changed = change(sampleFailure({ queue: unique }), { state: "requeued", sends: 1, requeuedAtMs: 5 });
      same([await store.commit(changed), await store.commit(changed)], ["committed", "conflict"]);
      const [totals] = (await store.totals()).filter(({ queue }) => queue === unique);
      same([totals?.states.held, totals?.states.requeued, totals?.deaths, totals?.sends], [0, 1, 1, 1]);
      same((await store.audit(unique, 1)).length, 2);
    },
  },
  {
    behaviour: "writes all of a change or nothing",
    check: async (store, { unique }) => {
      await store.commit(capture(unique));
      const other = capture(unique, { lineage: "m-2" });
      const failures = [...(other.failures ?? []), ...(capture(unique).failures ?? [])];
      same(await store.commit({ ...other, failures }), "conflict");
      same(await store.failures([failureId(unique, "m-2")]), [null]);
      same((await store.groups([groupId(unique, sampleFailure().reason.fingerprint)]))[0]?.deaths, 1);
      same((await store.audit(unique, 1)).length, 1);
    },
  },
  {
    behaviour: "refuses what could not be told from its repetition",
    check: async (store, { unique }) => {
      const { failures = [], ...counts } = capture(unique);
      const [transition] = failures;
      if (!transition) throw new Error("a capture has a transition");
      await refused(store.commit(counts));
      await refused(store.commit({ ...counts, failures: [transition, transition] }));
      await refused(store.commit({ ...counts, failures: [{ before: transition.after, after: transition.after }] }));
      same(await store.chains().then((chains) => chains.includes(unique)), false);
    },
  },
  {
    behaviour: "chains the audit of a queue without gaps, and gives it in pages",
    check: async (store, { unique, nowMs }) => {
      const details = { "🦆": ["\u0000", 1e300, null, { b: 1, a: -0.1 }], rule: "" };
      for (let number = 1; number <= 103; number++) {
        await store.commit({ audit: sampleAudit({ chain: unique, atMs: nowMs, action: `a-${number}`, details }) });
      }
      const entries = [...(await store.audit(unique, 1)), ...(await store.audit(unique, 101))];
      same(
        entries.map(({ sequence }) => sequence),
        Array.from({ length: 103 }, (_, index) => index + 1),
      );
      same(
        entries.map(({ previousHash }) => previousHash),
        ["", ...entries.slice(0, -1).map(({ hash }) => hash)],
      );
      same(entries[50]?.details, details);
      const last = entries.at(-1) as AuditEntry;
      same(await store.auditHead(unique), { chain: unique, sequence: 103, hash: last.hash });
      same(
        (await store.chains()).filter((each) => each === unique),
        [unique],
      );
      same([await store.audit(`${unique}-2`, 1), (await store.auditHead(`${unique}-2`)) ?? null], [[], null]);
    },
  },
];

async function refused(commit: Promise<unknown>): Promise<void> {
  const error = await commit.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  same((error as { code?: unknown } | undefined)?.code, "store-change");
}

function atOnce<T>(times: number, work: () => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: times }, work));
}

function orNull<T>(value: T | undefined): T | null {
  return value ?? null;
}
