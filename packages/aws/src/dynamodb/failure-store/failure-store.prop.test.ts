import { type FailedMessage, type FailureStore, failureId, groupId, type StoreChange } from "@reliq/core/recovery";
import { memoryFailureStore, sampleAudit, sampleCount, sampleFailure } from "@reliq/core/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { failureTableClient } from "../../../test/failure-table.ts";
import { sha256 } from "../../../test/sha256.ts";
import { dynamodbFailureStore } from "./failure-store.ts";

const BEGIN_MS = Date.UTC(2026, 1, 1);

const STATES = ["held", "healing", "requeued", "resolved", "archived", "discarded"] as const;
const CATEGORIES = ["validation", "timeout"] as const;
const FINGERPRINTS = ["1:a", "1:b"] as const;

/** One commit about a failed message: what it becomes, upon what is stored or upon what was stored before. */
interface Step {
  readonly lineage: string;
  readonly state: FailedMessage["state"];
  readonly category: (typeof CATEGORIES)[number];
  readonly fingerprint: (typeof FINGERPRINTS)[number];
  readonly stale: boolean;
  readonly hours: number;
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    lineage: fc.constantFrom("m-1", "m-2", "m-3", "m-4"),
    state: fc.constantFrom(...STATES),
    category: fc.constantFrom(...CATEGORIES),
    fingerprint: fc.constantFrom(...FINGERPRINTS),
    stale: fc.boolean(),
    hours: fc.integer({ min: 0, max: 3 }),
  }),
  { minLength: 1, maxLength: 10 },
);

/** The change that a step makes; a stale one begins at nothing, which a stored message refuses. */
function changeOf(queue: string, step: Step, stored: FailedMessage | undefined, atMs: number): StoreChange {
  const { lineage, state, category, fingerprint } = step;
  const before = step.stale ? undefined : stored;
  const { reason } = sampleFailure();
  const after = sampleFailure({
    queue,
    lineage,
    state,
    version: (before?.version ?? 0) + 1,
    reason: { ...reason, category, fingerprint },
    capturedAtMs: before?.capturedAtMs ?? atMs,
    updatedAtMs: atMs,
    ...(state === "healing" && { dueAtMs: atMs }),
    ...(state === "requeued" && { requeuedAtMs: atMs }),
  });
  const count = sampleCount(queue, { group: groupId(queue, fingerprint), atMs });
  return {
    failures: [{ before, after }],
    counts: [{ ...count, first: { ...count.first, fingerprint, category } }],
    audit: sampleAudit({ chain: queue, atMs }),
  };
}

/** All that can be asked of a queue. */
async function everything(store: FailureStore, queue: string): Promise<unknown> {
  const traits = [
    ...[{}, ...STATES.map((state) => ({ state })), ...CATEGORIES.map((category) => ({ category }))],
    ...FINGERPRINTS.flatMap((fingerprint) => [{ fingerprint }, { fingerprint, state: "held" as const }]),
    { state: "archived" as const, category: "timeout" as const },
    { fromMs: BEGIN_MS + 3_600_000, toMs: BEGIN_MS + 7_200_000 },
  ];
  const groups = FINGERPRINTS.map((fingerprint) => groupId(queue, fingerprint));
  const lists = traits.map((trait) => walk(store, { queue, ...trait }));
  return {
    lists: await Promise.all(lists),
    failures: await store.failures(["m-1", "m-2", "m-3", "m-4"].map((lineage) => failureId(queue, lineage))),
    groups: await store.groups(groups),
    listed: (await store.listGroups({ filter: { queue } })).groups,
    hours: await Promise.all(groups.map((group) => store.hours(group, BEGIN_MS, BEGIN_MS + 86_400_000))),
    totals: (await store.totals()).find((each) => each.queue === queue),
    audit: await store.audit(queue, 1),
    head: await store.auditHead(queue),
  };
}

/** The ids of a list, in pages of two. */
async function walk(
  store: FailureStore,
  filter: NonNullable<Parameters<FailureStore["listFailures"]>[0]["filter"]>,
): Promise<readonly string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await store.listFailures({ filter, limit: 2, ...(after !== undefined && { after }) });
    ids.push(...page.failures.map(({ id }) => id));
    after = page.next;
  } while (after !== undefined);
  return ids;
}

test("whatever is committed to it, in whichever order, the table answers as the model does", async () => {
  const { client } = await failureTableClient();
  const now = (): number => BEGIN_MS + 86_400_000;
  const table = dynamodbFailureStore(client, "failures", { now, sha256 });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const model = memoryFailureStore({ now, sha256 });
      const queue = `run-${run++}`;
      let atMs = BEGIN_MS;
      for (const step of history) {
        atMs += step.hours * 3_600_000 + 1;
        const [stored] = await model.failures([failureId(queue, step.lineage)]);
        const change = changeOf(queue, step, stored, atMs);
        expect(await table.commit(change)).toBe(await model.commit(change));
      }
      expect(await everything(table, queue)).toEqual(await everything(model, queue));
    }),
    { numRuns: 20 },
  );
}, 120_000);
