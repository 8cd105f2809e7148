import {
  type FailedMessage,
  type FailureFilter,
  type FailureStore,
  type FailureSummary,
  failureId,
  failureSummary,
  KEPT_MS,
  matchesFilter,
} from "../src/recovery/index.ts";
import { type ContractCase, same } from "./contract-case.ts";
import { sampleAudit, sampleFailure } from "./failure-samples.ts";
import { capture, change } from "./failure-store-commits.ts";

const { reason } = sampleFailure();

/** Lists of failed messages: each filter, alone and together, newest first. */
export const LIST_CONTRACT: readonly ContractCase<FailureStore>[] = [
  {
    behaviour: "lists failed messages by each filter and by all of them, newest first, in pages",
    check: async (store, { unique, nowMs }) => {
      const failures = await fill(store, unique, nowMs);
      const filters: FailureFilter[] = [
        {},
        { queue: `${unique}-a` },
        { state: "archived" },
        { category: "timeout" },
        { cause: "crashed" },
        { fingerprint: "1:b" },
        { errorName: "TimeoutError" },
        { messageGroup: "g-1" },
        { fromMs: nowMs + 5, toMs: nowMs + 15 },
        { queue: `${unique}-b`, fromMs: nowMs + 5, toMs: nowMs + 15, state: "held" },
        { queue: `${unique}-a`, category: "timeout", cause: "threw", fingerprint: "1:b", errorName: "TimeoutError" },
        { queue: `${unique}-a`, messageGroup: "g-1", state: "held", cause: "crashed" },
        { queue: "none" },
        { state: "discarded" },
      ];
      for (const filter of filters) {
        const expected = failures.filter((each) => matchesFilter(each, filter)).map(failureSummary);
        same(await list(store, filter), expected);
      }
    },
  },
  {
    behaviour: "moves a message from list to list with its state",
    check: async (store, { unique }) => {
      await store.commit(capture(unique));
      const held = sampleFailure({ queue: unique });
      await store.commit(change(held, { state: "archived" }));
      same(await list(store, { queue: unique, state: "held" }), []);
      same(
        (await list(store, { queue: unique, state: "archived" })).map(({ version }) => version),
        [2],
      );
    },
  },
  {
    behaviour: "knows what is overdue, the longest waiting first",
    check: async (store, { unique, nowMs }) => {
      for (const [index, seconds] of [5, 3, 9, 4].entries()) {
        const queue = `${unique}-${index % 2}`;
        const state = index === 3 ? "requeued" : "healing";
        const at = nowMs + seconds * 1_000;
        const due = state === "healing" ? { dueAtMs: at } : { requeuedAtMs: at };
        await store.commit(capture(queue, { lineage: `m-${index}`, state, ...due }));
      }
      const ids = [1, 0].map((index) => failureId(`${unique}-${index % 2}`, `m-${index}`));
      same(await store.overdue("healing", nowMs + 5_000), ids);
      same(await store.overdue("healing", nowMs + 2_999), []);
      same(await store.overdue("requeued", nowMs + 9_000), [failureId(`${unique}-1`, "m-3")]);
      const [failure] = await store.failures([ids[0] ?? ""]);
      if (!failure) throw new Error("it is not there");
      const { dueAtMs: _, ...sent } = failure;
      await store.commit(change(sent, { state: "requeued", requeuedAtMs: nowMs }));
      same(await store.overdue("healing", nowMs + 5_000), ids.slice(1));
    },
  },
  {
    behaviour: "forgets what was resolved or discarded 90 days ago, and lets it fail anew; totals remember it",
    check: async (store, { unique, nowMs }) => {
      const old = nowMs - KEPT_MS;
      for (const [index, state] of (["resolved", "discarded", "archived", "held"] as const).entries()) {
        await store.commit(capture(unique, { lineage: `m-${index}`, state, updatedAtMs: old }));
      }
      const ids = [0, 1, 2, 3].map((index) => failureId(unique, `m-${index}`));
      same(
        (await store.failures(ids)).map((each) => each?.state ?? null),
        [null, null, "archived", "held"],
      );
      same(
        (await list(store, { queue: unique })).map(({ state }) => state),
        ["held", "archived"],
      );
      same(await store.commit(capture(unique, { lineage: "m-0" })), "committed");
      const [totals] = (await store.totals()).filter(({ queue }) => queue === unique);
      const states = { held: 2, healing: 0, requeued: 0, resolved: 1, archived: 1, discarded: 1 };
      same(totals, { queue: unique, states, deaths: 5, sends: 0 });
    },
  },
];

/** Twenty failed messages of two queues, newest first; each two of them were captured at one time. */
async function fill(store: FailureStore, unique: string, nowMs: number): Promise<readonly FailedMessage[]> {
  const failures = Array.from({ length: 20 }, (_, index) =>
    sampleFailure({
      queue: `${unique}-${index % 2 ? "a" : "b"}`,
      lineage: `m-${String(index).padStart(2, "0")}`,
      capturedAtMs: nowMs + index - (index % 2),
      state: index % 3 ? "held" : "archived",
      cause: index % 4 > 1 ? "crashed" : "threw",
      reason: {
        ...reason,
        category: index % 5 > 1 ? "timeout" : "validation",
        fingerprint: index % 5 > 2 ? "1:b" : "1:a",
        errorName: index % 5 > 1 ? "TimeoutError" : "ValidationFailure",
      },
      ...(index % 3 > 0 && { groupId: `g-${index % 3}` }),
    }),
  );
  for (const queue of [`${unique}-a`, `${unique}-b`]) {
    const ofQueue = failures.filter((each) => each.queue === queue);
    const transitions = ofQueue.map((after) => ({ before: undefined, after }));
    same(await store.commit({ failures: transitions, audit: sampleAudit({ chain: queue }) }), "committed");
  }
  return failures.sort((a, b) => b.capturedAtMs - a.capturedAtMs || (a.id < b.id ? 1 : -1));
}

async function list(store: FailureStore, filter: FailureFilter): Promise<FailureSummary[]> {
  const failures: FailureSummary[] = [];
  let after: string | undefined;
  do {
    const page = await store.listFailures({ filter, limit: 3, ...(after !== undefined && { after }) });
    if (page.failures.length > 3) throw new Error(`a page of ${page.failures.length}`);
    failures.push(...page.failures);
    after = page.next;
  } while (after !== undefined);
  return failures;
}
