import type {
  AlertState,
  Approval,
  FailureStore,
  QueueRun,
  RedriveRun,
  RunEntry,
  Transition,
} from "../src/recovery/index.ts";
import { type ContractCase, same } from "./contract-case.ts";
import { sampleAudit } from "./failure-samples.ts";

/** Runs with their entries, which run a queue has, and what was announced. */
export const RUN_CONTRACT: readonly ContractCase<FailureStore>[] = [
  {
    behaviour: "keeps a run with its entries, and changes both together from what was read",
    check: async (store, { unique }) => {
      const run = sampleRun({ id: unique, queue: unique });
      const audit = sampleAudit({ chain: unique, action: "redrive-started" });
      const planned = [0, 50, 100].map((from) => newEntries(unique, from, from === 100 ? 20 : 50));
      same(
        await store.commit({ runs: [{ before: undefined, after: run }], entries: planned[0] ?? [], audit }),
        "committed",
      );
      for (const entries of planned.slice(1)) same(await store.commit({ entries, audit }), "committed");
      same(await store.commit({ entries: planned[2] ?? [], audit }), "conflict");
      same([await store.run(unique), (await store.run(`${unique}-2`)) ?? null], [run, null]);
      same(
        (await store.entries(unique, 0)).map(({ position }) => position),
        Array.from({ length: 100 }, (_, at) => at),
      );
      same(
        (await store.entries(unique, 118)).map(({ position }) => position),
        [118, 119],
      );
      const sent = { ...run, version: 2, sent: 1 };
      const before = sampleEntryOf(unique, 7);
      const entry = { before, after: { ...before, state: "sent" as const, deaths: 1 } };
      const step = { runs: [{ before: run, after: sent }], entries: [entry], audit };
      const steps = await Promise.all(Array.from({ length: 10 }, () => store.commit(step)));
      same(steps.filter((each) => each === "committed").length, 1);
      same([await store.run(unique), (await store.entries(unique, 7))[0]], [sent, entry.after]);
    },
  },
  {
    behaviour: "lists runs, the last that was started first, in pages",
    check: async (store, { unique, nowMs }) => {
      for (let number = 0; number < 7; number++) {
        const after = sampleRun({ id: `${unique}-${number}`, startedAtMs: nowMs + number });
        await store.commit({ runs: [{ before: undefined, after }], audit: sampleAudit({ chain: unique }) });
      }
      const first = await store.listRuns({ limit: 4 });
      const second = await store.listRuns({ limit: 4, after: first.next ?? "" });
      same(
        first.runs.map(({ id }) => id),
        [6, 5, 4, 3].map((number) => `${unique}-${number}`),
      );
      same(
        second.runs.map(({ id }) => id),
        [2, 1, 0].map((number) => `${unique}-${number}`),
      );
      same(second.next ?? null, null);
    },
  },
  {
    behaviour: "gives a queue to one of ten runs that want it at once",
    check: async (store, { unique }) => {
      const wants = Array.from({ length: 10 }, (_, number) => {
        const after: QueueRun = { queue: unique, version: 1, run: `run-${number}` };
        return store.commit({ queueRuns: [{ before: undefined, after }], audit: sampleAudit({ chain: unique }) });
      });
      same((await Promise.all(wants)).filter((each) => each === "committed").length, 1);
      const before = await store.queueRun(unique);
      if (!before) throw new Error("the queue has no run");
      const after: QueueRun = { queue: unique, version: 2 };
      await store.commit({ queueRuns: [{ before, after }], audit: sampleAudit({ chain: unique }) });
      same([await store.queueRun(unique), (await store.queueRun(`${unique}-2`)) ?? null], [after, null]);
    },
  },
  {
    behaviour: "opens an alert for one of ten that announce a group at once",
    check: async (store, { unique }) => {
      const after: AlertState = {
        group: `${unique}:1:a`,
        state: "open",
        version: 1,
        openedAtMs: 1,
        announcedAtMs: 1,
        announcedDeaths: 1,
        announcedDisarmed: false,
        sendingUntilMs: 9,
      };
      const audit = sampleAudit({ chain: unique, action: "alerted" });
      const open = { alerts: [{ before: undefined, after }], audit };
      const opened = await Promise.all(Array.from({ length: 10 }, () => store.commit(open)));
      same(opened.filter((each) => each === "committed").length, 1);
      const { sendingUntilMs: _, ...told } = { ...after, version: 2 };
      same(await store.commit({ alerts: [{ before: after, after: told }], audit }), "committed");
      same([await store.alert(after.group), (await store.alert("none")) ?? null], [told, null]);
    },
  },
  {
    behaviour:
      "keeps an approval, lets one of ten decide it, and lists approvals by state, the last that was asked for first",
    check: async (store, { unique, nowMs }) => {
      const audit = sampleAudit({ chain: unique, action: "approval-asked" });
      const asked = [0, 1, 2].map((number) => sampleApproval({ id: `${unique}-${number}`, askedAtMs: nowMs + number }));
      for (const after of asked)
        same(await store.commit({ approvals: [{ before: undefined, after }], audit }), "committed");
      const before = asked[1] ?? sampleApproval({});
      const decisions = await Promise.all(
        Array.from({ length: 10 }, (_, number) => {
          const after = { ...before, state: "approved" as const, version: 2, decidedBy: `person-${number}` };
          return store.commit({ approvals: [{ before, after }], audit: sampleAudit({ chain: unique }) });
        }),
      );
      same(decisions.filter((each) => each === "committed").length, 1);
      same(
        [(await store.approval(before.id))?.state, (await store.approval(`${unique}-9`)) ?? null],
        ["approved", null],
      );
      const pending = await store.listApprovals({ state: "pending", limit: 2 });
      same(
        pending.approvals.map(({ id }) => id),
        [`${unique}-2`, `${unique}-0`],
      );
      same(
        (await store.listApprovals({ limit: 3 })).approvals.map(({ id }) => id),
        [2, 1, 0].map((number) => `${unique}-${number}`),
      );
    },
  },
];

/** An approval for tests; `changes` say what matters to the test. */
function sampleApproval(changes: Partial<Approval>): Approval {
  return {
    id: "approval-1",
    state: "pending",
    version: 1,
    chain: "orders",
    deed: { operation: "heal", messages: [{ id: "orders:m-1", version: 1 }] },
    says: "A heal by hand",
    count: 1,
    limit: 0,
    by: "ann",
    askedAtMs: 5,
    updatedAtMs: 5,
    expiresAtMs: 9,
    ...changes,
  };
}

/** A redrive for tests; `changes` say what matters to the test. */
function sampleRun(changes: Partial<RedriveRun>): RedriveRun {
  const options = {
    maxMessages: 1_000,
    ratePerSecond: 0.5,
    jitterSeconds: 0,
    minAgeSeconds: 0,
    maxHeals: 3,
    maxQueueAgeSeconds: 600,
    ramp: [1, 5],
  };
  return {
    id: "run-1",
    kind: "redrive",
    state: "planning",
    version: 1,
    queue: "orders",
    filter: { state: "held" },
    options,
    by: "ann",
    startedAtMs: 5,
    updatedAtMs: 5,
    planned: 120,

    step: 0,
    from: 0,

    sent: 0,
    resolved: 0,
    relapsed: 0,
    skipped: 0,
    ...changes,
  };
}

function sampleEntryOf(run: string, position: number): RunEntry {
  const failure = `orders:m-${position}`;
  return { run, position, failure, fingerprint: "1:a", verdict: "safe", because: "", state: "planned" };
}

function newEntries(run: string, from: number, count: number): Transition<RunEntry>[] {
  return Array.from({ length: count }, (_, index) => ({ before: undefined, after: sampleEntryOf(run, from + index) }));
}
