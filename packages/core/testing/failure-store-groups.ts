import { type FailureGroup, type FailureStore, type GroupFilter, groupId } from "../src/recovery/index.ts";
import { type ContractCase, same } from "./contract-case.ts";
import { sampleAudit, sampleCount, sampleGroup } from "./failure-samples.ts";
import { capture } from "./failure-store-commits.ts";

const HOUR_MS = 3_600_000;

/** Groups: counted by commits, changed by transitions, listed by when they were seen last. */
export const GROUP_CONTRACT: readonly ContractCase<FailureStore>[] = [
  {
    behaviour: "makes a group of its first death, and counts deaths, heals and relapses, by hour too",
    check: async (store, { unique, nowMs }) => {
      const hour = nowMs - (nowMs % HOUR_MS);
      const group = groupId(unique, sampleGroup().fingerprint);
      const counts = [
        { deaths: 3, atMs: hour + 5, consumerVersion: "1.1.0" },
        { deaths: 1, heals: 2, relapses: 1, atMs: hour - HOUR_MS, consumerVersion: "1.0.0" },
        { deaths: 0, heals: 1, atMs: hour + 9 },
        { deaths: 2, atMs: hour - HOUR_MS + 7 },
      ];
      for (const [index, count] of counts.entries()) {
        const { failures = [] } = capture(unique, { lineage: `m-${index}` });
        const both = [sampleCount(unique, count), sampleCount(unique, { ...count, heals: 0, relapses: 0 })];
        same(await store.commit({ failures, counts: both, audit: sampleAudit({ chain: unique }) }), "committed");
      }
      same(await store.groups([group, `${unique}:none`]), [
        sampleGroup({
          id: group,
          queue: unique,
          deaths: 12,
          heals: 3,
          relapses: 1,
          firstSeenAtMs: hour - HOUR_MS,
          lastSeenAtMs: hour + 5,
          consumerVersion: "1.1.0",
        }),
        null,
      ]);
      same(await store.hours(group, hour - HOUR_MS, hour + 1), [
        { atMs: hour - HOUR_MS, deaths: 6 },
        { atMs: hour, deaths: 6 },
      ]);
      same(await store.hours(group, hour - HOUR_MS, hour), [{ atMs: hour - HOUR_MS, deaths: 6 }]);
      same(await store.hours(`${unique}:none`, 0, nowMs), []);
    },
  },
  {
    behaviour: "changes a group's life cycle from the version that was read, and keeps what was counted since",
    check: async (store, { unique, nowMs }) => {
      await store.commit(capture(unique, { capturedAtMs: nowMs }));
      const [before] = await store.groups([groupId(unique, sampleGroup().fingerprint)]);
      if (!before) throw new Error("there is no group");
      await store.commit(capture(unique, { lineage: "m-2", capturedAtMs: nowMs + 1 }));
      const after: FailureGroup = { ...before, version: 2, state: "ignored", ignoredUntilMs: 5, changedBy: "ann" };
      const audit = sampleAudit({ chain: unique, action: "ignored" });
      const counts = capture(unique, { lineage: "m-3", capturedAtMs: nowMs + 2 });
      same(await store.commit({ ...counts, groups: [{ before, after }], audit }), "committed");
      const stored = { ...after, deaths: 3, lastSeenAtMs: nowMs + 2 };
      same(await store.groups([before.id]), [stored]);
      same(await store.commit({ groups: [{ before, after }], audit }), "conflict");
      const { ignoredUntilMs: _, ...open } = stored;
      const opened: FailureGroup = { ...open, state: "open", version: 3 };
      same(await store.commit({ groups: [{ before: stored, after: opened }], audit }), "committed");
      same(await store.groups([before.id]), [opened]);
    },
  },
  {
    behaviour: "commits one of ten that change a group at once",
    check: async (store, { unique }) => {
      await store.commit(capture(unique));
      const [before] = await store.groups([groupId(unique, sampleGroup().fingerprint)]);
      if (!before) throw new Error("there is no group");
      const after: FailureGroup = { ...before, version: 2, state: "acknowledged" };
      const audit = sampleAudit({ chain: unique, action: "acknowledged" });
      const commits = Array.from({ length: 10 }, () => store.commit({ groups: [{ before, after }], audit }));
      same((await Promise.all(commits)).filter((each) => each === "committed").length, 1);
    },
  },
  {
    behaviour: "lists groups by when they were seen last, by queue and by state, in pages",
    check: async (store, { unique, nowMs }) => {
      const queues = [`${unique}-a`, `${unique}-b`];
      for (let number = 0; number < 12; number++) {
        const queue = queues[number % 2] ?? "";
        const fingerprint = `1:${number}`;
        const { failures = [] } = capture(queue, { lineage: `m-${number}` });
        const first = { ...sampleCount(queue).first, fingerprint };
        const count = sampleCount(queue, { group: groupId(queue, fingerprint), atMs: nowMs + number, first });
        await store.commit({ failures, counts: [count], audit: sampleAudit({ chain: queue }) });
      }
      same(await fingerprints(store, {}), [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
      same(await fingerprints(store, { queue: queues[1] ?? "" }), [11, 9, 7, 5, 3, 1]);
      const [before] = await store.groups([groupId(queues[0] ?? "", "1:4")]);
      if (!before) throw new Error("there is no group");
      const after: FailureGroup = { ...before, version: 2, state: "resolved" };
      await store.commit({ groups: [{ before, after }], audit: sampleAudit({ chain: before.queue }) });
      same(await fingerprints(store, { state: "resolved" }), [4]);
      same(await fingerprints(store, { queue: queues[0] ?? "", state: "open" }), [10, 8, 6, 2, 0]);
    },
  },
];

async function fingerprints(store: FailureStore, filter: GroupFilter): Promise<number[]> {
  const groups: FailureGroup[] = [];
  let after: string | undefined;
  do {
    const page = await store.listGroups({ filter, limit: 5, ...(after !== undefined && { after }) });
    if (page.groups.length > 5) throw new Error(`a page of ${page.groups.length}`);
    groups.push(...page.groups);
    after = page.next;
  } while (after !== undefined);
  return groups.map(({ fingerprint }) => Number(fingerprint.slice(2)));
}
